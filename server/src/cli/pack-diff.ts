import type { DefinitionChange } from '@channelwright/runtime/api/definitions.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

const words = {
  about: { en: 'say what one folder of packs changes of another', zh: '说明两个模板包文件夹之间的差异' },
  before: { en: 'folder of packs as they were', zh: '变更前的文件夹' },
  after: { en: 'folder of packs as they are', zh: '变更后的文件夹' },
  json: { en: 'print as JSON', zh: '以 JSON 输出' },
  same: { en: 'No difference.', zh: '没有差异。' },
} as const

const signs: Record<DefinitionChange['change'], string> = { added: '+', removed: '-', changed: '~' }

/** `cw pack diff BEFORE AFTER`: exit code 0 when nothing differs, 1 otherwise, as diff does. */
export function addPackDiff(pack: Command, locale: Locale): void {
  pack
    .command('diff')
    .description(words.about[locale])
    .argument('<before>', words.before[locale])
    .argument('<after>', words.after[locale])
    .option('--json', words.json[locale])
    .action(async (before: string, after: string, options: { json?: boolean }) => {
      const { diffPacks } = await import('../packs/diff-pack.ts')
      const changes = await diffPacks(before, after)
      if (options.json) console.log(JSON.stringify(changes, null, 2))
      else if (!changes.length) console.log(words.same[locale])
      else
        for (const change of changes) {
          console.log(`${signs[change.change]} ${change.pack}/${change.path}  ${change.title[locale]}`)
          for (const sentence of change.words) console.log(`    ${sentence[locale]}`)
        }
      if (changes.length) process.exitCode = 1
    })
}
