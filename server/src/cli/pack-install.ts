import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'
import { describeDiagnostic } from './pack-check.ts'

const words = {
  about: { en: 'publish packs into a workspace', zh: '将模板包发布到工作区' },
  dir: { en: 'folders of packs, or a folder that holds packs', zh: '模板包文件夹,或包含模板包的文件夹' },
  workspace: { en: 'key of the workspace', zh: '工作区标识' },
  confirm: {
    en: 'name of something that goes with this release (may be repeated)',
    zh: '确认移除的名称(可重复)',
  },
  prune: {
    en: 'take away definitions of these packs that the folders do not have',
    zh: '删除文件夹中没有的定义',
  },
  skipCases: { en: "do not run the packs' cases first", zh: '不先运行模板包用例' },
  done: {
    en: 'Release {release} of "{workspace}": {packs}.',
    zh: '“{workspace}”的发布版 {release}:{packs}。',
  },
} as const

/** `cw pack install DIR… --workspace KEY` */
export function addPackInstall(pack: Command, locale: Locale): void {
  pack
    .command('install')
    .description(words.about[locale])
    .argument('<dir...>', words.dir[locale])
    .requiredOption('--workspace <key>', words.workspace[locale])
    .option('--confirm <name...>', words.confirm[locale], [] as string[])
    .option('--prune', words.prune[locale])
    .option('--skip-cases', words.skipCases[locale])
    .action(
      async (
        folders: string[],
        options: { workspace: string; confirm: string[]; prune?: boolean; skipCases?: boolean },
      ) => {
        const [{ withServices }, { installPacks }, { PublishRefusal }] = await Promise.all([
          import('./with-services.ts'),
          import('../packs/install-pack.ts'),
          import('../publish/publish-sources.ts'),
        ])
        try {
          const installed = await withServices((services) =>
            installPacks(services, options.workspace, folders, {
              confirmed: options.confirm,
              prune: options.prune ?? false,
              skipCases: options.skipCases ?? false,
              report: ({ words: step }) => console.log(`· ${step[locale]}`),
            }),
          )
          for (const found of installed.diagnostics) console.log(`${describeDiagnostic(found, locale)}\n`)
          console.log(
            words.done[locale]
              .replace('{release}', String(installed.release))
              .replace('{workspace}', options.workspace)
              .replace('{packs}', installed.packs.join(', ')),
          )
        } catch (error) {
          if (!(error instanceof PublishRefusal)) throw error
          for (const found of error.diagnostics) console.error(`${describeDiagnostic(found, locale)}\n`)
          process.exitCode = 1
        }
      },
    )
}
