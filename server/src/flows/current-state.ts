import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { ErrorCode, ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'

/** What is known of a case when a command on it is refused. */
export interface StateAtRefusal {
  readonly flow: FlowDefinition
  readonly run: FlowRun | null
  /** Version of the record as it stands. */
  readonly recordRev: number | null
  /** Whether the person may know where the case stands, whatever of it they may see. */
  readonly admin: boolean
}

/**
 * Where the case stands now, and the task that was meant, as details of a refusal that is owed to what happened
 * meanwhile: `/current/` and the place that it has in the reply of a command.
 */
export function currentState(
  { code, status }: ErrorCode,
  command: FlowCommand,
  { flow, run, recordRev, admin }: StateAtRefusal,
): ErrorDetail[] {
  if (status !== 409 || run === null) return []
  const task = 'task' in command ? run.tasks.find(({ id }) => id === command.task) : undefined
  const said = (path: string, value: string | number | null | undefined): ErrorDetail[] =>
    value === null || value === undefined
      ? []
      : [{ path: `/current/${path}`, code, message: { en: String(value), zh: String(value) } }]
  const active = admin ? run.activations.filter(({ status: state }) => state === 'active') : []
  return [
    ...said('run/status', run.status),
    ...said('run/outcome', run.outcome),
    ...said('run/rev', run.rev),
    ...active.map(({ node }) => ({
      path: `/current/run/nodes/${node}`,
      code,
      message: graphOf(flow).nodes.get(node)?.title ?? flow.title,
    })),
    ...said('task/state', task?.state),
    ...said('task/rev', task?.rev),
    ...said('record_rev', recordRev),
  ]
}
