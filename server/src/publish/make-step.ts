import type { Text } from '@channelwright/runtime/text.ts'
import type { TableStep, TableWork } from './plan-tables.ts'

export interface StepInfo {
  readonly object: string
  readonly field?: string
  readonly rows: number
  readonly words: Text
  readonly destructive?: boolean
  readonly blocked?: boolean
  /** What has to be typed where it is not the name of what goes. */
  readonly confirm?: string | null
  readonly examples?: readonly string[]
}

/** A step with what follows from the rest: destructive ones are confirmed by the name of what goes. */
export function step(action: TableStep['action'], info: StepInfo, work: readonly TableWork[]): TableStep {
  const destructive = info.destructive ?? false
  return {
    action,
    object: info.object,
    field: info.field ?? null,
    words: info.words,
    destructive,
    confirm: info.confirm ?? (destructive ? [info.object, info.field].filter(Boolean).join('.') : null),
    blocked: info.blocked ?? false,
    examples: info.examples ?? [],
    rows: info.rows,
    work,
  }
}
