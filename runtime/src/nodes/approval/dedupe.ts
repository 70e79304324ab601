import { graphOf } from '../../flow/graph.ts'
import type { Activation, FlowRun, Task } from '../../flow/run.ts'
import { isJsonObject } from '../../json.ts'
import type { NodeContext } from '../node-type.ts'

/**
 * The earlier approval of a person that makes asking them again needless; null: ask. Never where there is something
 * to fill in, to say or to sign, where votes are counted, where the run came back, where the record is not the one
 * they saw, or where the earlier approval was nobody's.
 */
export function earlierApproval(context: NodeContext, user: string, isVote: boolean): Task | null {
  const { run, node, flow, activation, dataVersion } = context
  const dedupe = flow.settings?.dedupe ?? 'adjacent'
  if (dedupe === 'none' || isVote || activation.cause !== 'forward' || asksForMore(node)) return null
  const steps = dedupe === 'any' ? stepsBefore(run, activation) : [stepRightBefore(context)]
  const ids = new Set(steps.map((step) => step?.id))
  const earlier = run.tasks.findLast(
    (task) =>
      ids.has(task.activation) && task.state === 'approved' && task.decidedBy === user && !task.opinionOnly,
  )
  return earlier === undefined || earlier.dataVersion !== dataVersion ? null : earlier
}

function asksForMore(node: Readonly<Record<string, unknown>>): boolean {
  const rights = isJsonObject(node.fields) ? Object.values(node.fields) : []
  const required = isJsonObject(node.require) ? Object.values(node.require) : []
  return rights.includes('rw') || required.some((keys) => Array.isArray(keys) && keys.includes('approve'))
}

function stepsBefore(run: FlowRun, { id, round }: Activation): readonly Activation[] {
  const at = run.activations.findIndex((one) => one.id === id)
  return run.activations.slice(0, at).filter((one) => one.round === round && one.status === 'done')
}

/** The step with tasks that lies right before this one on its way. */
function stepRightBefore({ flow, run, activation }: NodeContext): Activation | null {
  const { edges } = graphOf(flow)
  let at: Activation | undefined = activation
  while (at !== undefined) {
    const from: string | undefined = edges.get(at.via ?? '')?.from
    const index: number = run.activations.indexOf(at)
    at = run.activations
      .slice(0, index < 0 ? undefined : index)
      .findLast(({ node, status }) => node === from && status === 'done')
    const { id } = at ?? {}
    if (at !== undefined && run.tasks.some(({ activation: step }) => step === id)) return at
  }
  return null
}
