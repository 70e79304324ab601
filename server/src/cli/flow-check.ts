import { hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'
import { describeDiagnostic } from './pack-check.ts'

/**
 * `cw flow check DIR…`: what stands in the way of the flows of these packs, structure and rules and people; of one
 * flow with `--flow`. Exit code 0 when nothing stops a publish, 1 otherwise, also when there is no such flow.
 */
export function addFlowCheck(flow: Command): void {
  flow
    .command('check')
    .description('check the flows of packs without a database')
    .argument('<dir...>', 'folders of packs, or a folder that holds packs')
    .option('--flow <key>', 'only this flow')
    .option('--json', 'print diagnostics as JSON')
    .option('--locale <locale>', 'language of the messages: en or zh', 'en')
    .action(async (folders: string[], options: { flow?: string; json?: boolean; locale: string }) => {
      const locale: Locale = options.locale === 'zh' ? 'zh' : 'en'
      const { checkPacks } = await import('../packs/check-packs.ts')
      const checked = await checkPacks(folders)
      // A file that could not be read may be a flow: it counts.
      const found = checked.diagnostics.filter(
        ({ kind, key, file }) =>
          (kind === 'flow' && (options.flow === undefined || key === options.flow)) ||
          (kind === undefined && (file === undefined || file.includes('/flows/'))),
      )
      const ok = !hasErrors(found)
      if (options.json) console.log(JSON.stringify({ ok, diagnostics: found }, null, 2))
      else {
        for (const diagnostic of found) console.log(`${describeDiagnostic(diagnostic, locale)}\n`)
        console.log(ok ? sound[locale] : unsound[locale])
      }
      if (!ok) process.exitCode = 1
    })
}

const sound = { en: 'The flows are sound.', zh: '流程检查通过。' }
const unsound = { en: 'The flows can not be published like this.', zh: '流程存在错误,不能发布。' }
