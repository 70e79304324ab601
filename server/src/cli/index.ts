import type { Locale, Text } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'
import { addFlowCheck } from './flow-check.ts'
import { addFlowMigrate } from './flow-migrate.ts'
import { addFlowReplay } from './flow-replay.ts'
import { addFlowSimulate } from './flow-simulate.ts'
import { addPackCheck } from './pack-check.ts'
import { addPackDiff } from './pack-diff.ts'
import { addPackInstall } from './pack-install.ts'
import { addPackTest } from './pack-test.ts'
import { addPlanRun } from './plan-run.ts'
import { addRuleCheck } from './rule-check.ts'
import { addRuleEval } from './rule-eval.ts'
import { addRuleFormat } from './rule-format.ts'
import { addRuleImport } from './rule-import.ts'
import { addWorkspaceCreate } from './workspace-create.ts'
import { addWorkspaceExport } from './workspace-export.ts'
import { addWorkspaceInvite } from './workspace-invite.ts'

/**
 * Adds one command to its group; texts in the given language. One command, one file. What a command works with it
 * imports when it runs: nobody who asks for help waits for the whole server.
 */
export type AddCommand = (group: Command, locale: Locale) => void

export interface CommandGroup {
  readonly name: string
  readonly title: Text
  readonly commands: readonly AddCommand[]
}

/** THE list of what `cw` can do, by what it is done to. */
export const groups: readonly CommandGroup[] = [
  {
    name: 'flow',
    title: { en: 'approval flows', zh: '流程' },
    commands: [addFlowCheck, addFlowMigrate, addFlowReplay, addFlowSimulate],
  },
  {
    name: 'pack',
    title: { en: 'packs of definitions', zh: '模板包' },
    commands: [addPackCheck, addPackDiff, addPackInstall, addPackTest],
  },
  { name: 'plan', title: { en: 'incentive plans', zh: '激励政策' }, commands: [addPlanRun] },
  {
    name: 'rule',
    title: { en: 'rules', zh: '规则' },
    commands: [addRuleCheck, addRuleEval, addRuleFormat, addRuleImport],
  },
  {
    name: 'workspace',
    title: { en: 'workspaces', zh: '工作区' },
    commands: [addWorkspaceCreate, addWorkspaceExport, addWorkspaceInvite],
  },
]
