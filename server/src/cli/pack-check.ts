import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { AddCommand } from './index.ts'

const words = {
  error: { en: 'error', zh: '错误' },
  warning: { en: 'warning', zh: '提醒' },
} as const

/** `objects/partner.json:12:7 error DANGLING_FIELD` and below it what is wrong and what can be done. */
export function describeDiagnostic(found: Diagnostic, locale: Locale): string {
  const place = [found.file ?? found.key ?? '', found.line, found.column]
    .filter((part) => part !== undefined)
    .join(':')
  const pointer = found.path === '' ? '' : `  ${found.path}`
  return [
    `${place} ${words[found.severity][locale]} ${found.code}${pointer}`,
    `  ${found.message[locale]}`,
    `  ${locale === 'zh' ? '建议:' : 'Hint: '}${found.hint[locale]}`,
  ].join('\n')
}

const texts = {
  about: {
    en: 'check packs without a database: JSON, shapes, references, rules, flows, plans',
    zh: '不用数据库检查模板包:JSON、结构、引用、规则、流程、激励政策',
  },
  folders: { en: 'folders of packs, or a folder that holds packs', zh: '模板包文件夹,或含有模板包的文件夹' },
  json: { en: 'print diagnostics as JSON', zh: '以 JSON 输出检查结果' },
} as const

/** `cw pack check DIR…`: exit code 0 when nothing stops a publish, 1 otherwise. */
export const addPackCheck: AddCommand = (pack, locale) => {
  pack
    .command('check')
    .description(texts.about[locale])
    .argument('<dir...>', texts.folders[locale])
    .option('--json', texts.json[locale])
    .action(async (folders: string[], options: { json?: boolean }) => {
      const { checkPacks } = await import('../packs/check-packs.ts')
      const checked = await checkPacks(folders)
      if (options.json) console.log(JSON.stringify(checked, null, 2))
      else {
        for (const found of checked.diagnostics) console.log(`${describeDiagnostic(found, locale)}\n`)
        console.log(summarize(checked.packs.length, checked.definitions, checked.diagnostics, locale))
      }
      if (!checked.ok) process.exitCode = 1
    })
}

function summarize(packs: number, definitions: number, found: readonly Diagnostic[], locale: Locale): string {
  const errors = found.filter((each) => each.severity === 'error').length
  const warnings = found.length - errors
  return locale === 'zh'
    ? `${packs} 个模板包,${definitions} 个定义:${errors} 个错误,${warnings} 个提醒。`
    : `${packs} packs, ${definitions} definitions: ${errors} errors, ${warnings} warnings.`
}
