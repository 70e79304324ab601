import { isJsonObject, type JsonObject } from '../json.ts'
import type { FlowEvent, FlowRun } from './run.ts'

/** What the history of a run says of its rows; equal to `summarise` of the run as it is stored. */
export interface RunSummary {
  readonly rev: number
  readonly status: string
  readonly outcome: string | null
  readonly round: number
  readonly steps: JsonObject
  readonly tasks: JsonObject
  readonly timers: JsonObject
}

/** Reads the rows of a run back from its events alone. */
export function replayEvents(events: readonly FlowEvent[]): RunSummary {
  const rows: Record<'steps' | 'tasks' | 'timers', JsonObject> = { steps: {}, tasks: {}, timers: {} }
  let head: JsonObject = {}
  for (const { type, data } of events) {
    if (type !== 'changed') continue
    head = data
    for (const table of ['steps', 'tasks', 'timers'] as const)
      if (isJsonObject(data[table])) Object.assign(rows[table], data[table])
  }
  const { rev, status, outcome, round } = head
  return {
    rev: Number(rev),
    status: String(status),
    outcome: typeof outcome === 'string' ? outcome : null,
    round: Number(round),
    ...rows,
  }
}

/** The same of the rows themselves. */
export function summariseRun({
  rev,
  status,
  outcome,
  round,
  activations,
  tasks,
  timers,
}: FlowRun): RunSummary {
  const table = <T extends { readonly id: string }>(rows: readonly T[], tell: (row: T) => JsonObject) =>
    Object.fromEntries(rows.map((row) => [row.id, tell(row)]))
  return {
    rev,
    status,
    outcome,
    round,
    steps: table(activations, (one) => ({ node: one.node, status: one.status, exit: one.exit })),
    tasks: table(tasks, (one) => ({
      step: one.activation,
      assignee: one.assignee,
      state: one.state,
      slot: one.slot,
    })),
    timers: table(timers, (one) => ({ state: one.state, due: one.dueAt })),
  }
}
