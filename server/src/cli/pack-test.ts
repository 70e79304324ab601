import type { CaseResult } from '@channelwright/runtime/api/definitions.ts'
import { hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'
import { describeDiagnostic } from './pack-check.ts'

const words = {
  about: { en: "run the packs' cases in scratch workspaces", zh: '在临时工作区中运行模板包用例' },
  dir: { en: 'folders of packs, or a folder that holds packs', zh: '模板包文件夹,或包含模板包的文件夹' },
  json: { en: 'print the results as JSON', zh: '以 JSON 输出结果' },
  step: { en: 'step', zh: '步骤' },
  expected: { en: 'expected', zh: '应为' },
  found: { en: 'found   ', zh: '实际' },
  done: { en: '{passed} of {all} cases passed.', zh: '{all} 个用例中 {passed} 个通过。' },
} as const

/** `cw pack test DIR…`: exit code 0 when every case passes, 1 otherwise. */
export function addPackTest(pack: Command, locale: Locale): void {
  pack
    .command('test')
    .description(words.about[locale])
    .argument('<dir...>', words.dir[locale])
    .option('--json', words.json[locale])
    .action(async (folders: string[], options: { json?: boolean }) => {
      const [{ withServices }, { gatherPacks }, { runCases }] = await Promise.all([
        import('./with-services.ts'),
        import('../packs/gather-packs.ts'),
        import('../packs/run-cases.ts'),
      ])
      const { named, needed, diagnostics } = await gatherPacks(folders)
      for (const found of diagnostics) console.error(describeDiagnostic(found, locale))
      const show = (result: CaseResult) => !options.json && console.log(describeResult(result, locale))
      const results = await withServices((services) =>
        runCases(services, [...named, ...needed], { report: show }),
      )
      if (options.json) console.log(JSON.stringify(results, null, 2))
      const passed = results.filter((result) => result.passed).length
      if (!options.json) {
        console.log(
          words.done[locale].replace('{passed}', String(passed)).replace('{all}', String(results.length)),
        )
      }
      if (passed < results.length || hasErrors(diagnostics)) process.exitCode = 1
    })
}

/** `ok    pack/cases/x.json  Title (120 ms)`; below a failure where, what was expected and what was found. */
export function describeResult(result: CaseResult, locale: Locale): string {
  const { pack, path, title, failure, milliseconds } = result
  const head = `${result.passed ? 'ok  ' : 'FAIL'}  ${pack}/${path}  ${title[locale]} (${milliseconds} ms)`
  if (failure === null) return head
  const { step, pointer, line, message, difference } = failure
  const told = difference
    ? [
        `      ${difference.what[locale]}`,
        `        ${words.expected[locale]}  ${difference.expected}`,
        `        ${words.found[locale]}  ${difference.found}`,
      ]
    : [`      ${message[locale]}`]
  const place = `      ${pack}/${path}:${line}  ${words.step[locale]} ${step}  ${pointer}`
  return [head, place, ...told].join('\n')
}
