import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { type Command, Option } from 'commander'
import { describeDiagnostic } from './pack-check.ts'

interface Options {
  readonly flow?: string
  readonly workspace?: string
  readonly json?: boolean
  readonly locale: string
}

/**
 * `cw flow check DIR…`: what stands in the way of the flows of these packs, structure and rules and people; of one
 * flow with `--flow`. `cw flow check --workspace KEY`: the same for the drafts of a workspace, and what its real people
 * make of them. Exit code 0 when nothing stops a publish, 1 otherwise, also when there is no such flow.
 */
export function addFlowCheck(flow: Command): void {
  flow
    .command('check')
    .description(
      'check flows: those of packs without a database, or those of a workspace over its real people',
    )
    .argument('[dir...]', 'folders of packs, or a folder that holds packs')
    .option('--flow <key>', 'only this flow')
    .addOption(new Option('--workspace <key>', 'the drafts of this workspace instead of packs'))
    .option('--json', 'print diagnostics as JSON')
    .option('--locale <locale>', 'language of the messages: en or zh', 'en')
    .action(async (folders: string[], options: Options, command: Command) => {
      const locale: Locale = options.locale === 'zh' ? 'zh' : 'en'
      if ((folders.length === 0) === (options.workspace === undefined)) command.error(either[locale])
      const found =
        options.workspace === undefined
          ? await checkFolders(folders, options.flow)
          : await checkWorkspace(options.workspace, options.flow)
      const ok = !hasErrors(found)
      if (options.json) console.log(JSON.stringify({ ok, diagnostics: found }, null, 2))
      else {
        for (const diagnostic of found) console.log(`${describeDiagnostic(diagnostic, locale)}\n`)
        console.log(ok ? sound[locale] : unsound[locale])
      }
      if (!ok) process.exitCode = 1
    })
}

async function checkFolders(folders: readonly string[], wanted?: string): Promise<readonly Diagnostic[]> {
  const { checkPacks } = await import('../packs/check-packs.ts')
  const checked = await checkPacks(folders)
  // A file that could not be read may be a flow: it counts.
  return checked.diagnostics.filter(
    ({ kind, key, file }) =>
      (kind === 'flow' && (wanted === undefined || key === wanted)) ||
      (kind === undefined && (file === undefined || file.includes('/flows/'))),
  )
}

async function checkWorkspace(key: string, wanted?: string): Promise<readonly Diagnostic[]> {
  const [{ withServices }, { checkWorkspaceFlows }] = await Promise.all([
    import('./with-services.ts'),
    import('../publish/check-people.ts'),
  ])
  return withServices((services) => checkWorkspaceFlows(services, key, wanted))
}

const either = {
  en: 'Name folders of packs, or a workspace with --workspace.',
  zh: '请指定模板包目录,或用 --workspace 指定工作区。',
}
const sound = { en: 'The flows are sound.', zh: '流程检查通过。' }
const unsound = { en: 'The flows can not be published like this.', zh: '流程存在错误,不能发布。' }
