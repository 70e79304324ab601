import type { Locale, Text } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'
import { addPackCheck } from './pack-check.ts'
import { addPackDiff } from './pack-diff.ts'
import { addPackInstall } from './pack-install.ts'
import { addWorkspaceExport } from './workspace-export.ts'

/** Adds one command to its group; texts in the given language. One command, one file. */
export type AddCommand = (group: Command, locale: Locale) => void

export interface CommandGroup {
  readonly name: string
  readonly title: Text
  readonly commands: readonly AddCommand[]
}

/** THE list of what `cw` can do, by what it is done to. */
export const groups: readonly CommandGroup[] = [
  {
    name: 'pack',
    title: { en: 'packs of definitions', zh: '模板包' },
    commands: [addPackCheck, addPackDiff, addPackInstall],
  },
  { name: 'workspace', title: { en: 'workspaces', zh: '工作区' }, commands: [addWorkspaceExport] },
]
