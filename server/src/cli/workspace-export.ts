import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

const words = {
  about: {
    en: "write a workspace's definitions to a folder, byte for byte",
    zh: '将工作区的定义逐字节写入文件夹',
  },
  key: { en: 'key of the workspace', zh: '工作区标识' },
  dir: { en: 'folder to write to', zh: '目标文件夹' },
  release: { en: 'an earlier release instead of the one in force', zh: '导出早期发布版而非当前版本' },
  prune: { en: 'delete files of these packs that the release does not have', zh: '删除发布版中没有的文件' },
} as const

/** `cw workspace export KEY DIR` */
export function addWorkspaceExport(workspace: Command, locale: Locale): void {
  workspace
    .command('export')
    .description(words.about[locale])
    .argument('<key>', words.key[locale])
    .argument('<dir>', words.dir[locale])
    .option('--release <number>', words.release[locale], (text) => Number.parseInt(text, 10))
    .option('--prune', words.prune[locale])
    .action(async (key: string, dir: string, options: { release?: number; prune?: boolean }) => {
      const [{ withServices }, { exportWorkspace, writePacks }] = await Promise.all([
        import('./with-services.ts'),
        import('../packs/export-workspace.ts'),
      ])
      const { release, sources } = await withServices((services) =>
        exportWorkspace(services, key, options.release),
      )
      const files = await writePacks(dir, sources, { prune: options.prune ?? false })
      console.log(
        locale === 'zh'
          ? `已将发布版 ${release} 的 ${files} 个文件写入 ${dir}。`
          : `Release ${release}: ${files} files written to ${dir}.`,
      )
    })
}
