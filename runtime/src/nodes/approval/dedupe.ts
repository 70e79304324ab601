import { blocksOf } from '../../flow/blocks.ts'
import { standingDecisions } from '../../flow/decisions.ts'
import { graphOf } from '../../flow/graph.ts'
import type { Activation, FlowRun, Task } from '../../flow/run.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
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
  const steps = dedupe === 'any' ? stepsBefore(run, activation) : stepsRightBefore(context)
  const ids = new Set(steps.map((step) => step.id))
  const earlier = standingDecisions(run.tasks).findLast(
    (task) => ids.has(task.activation) && task.state === 'approved' && task.decidedBy === user,
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

/**
 * The steps with tasks that lie right before this one on its way. Behind a join those are the last ones of all its
 * branches, whichever of them came first; where none of its branches asks anybody, what lies before their split.
 */
function stepsRightBefore({ flow, run, activation }: NodeContext): readonly Activation[] {
  const { edges } = graphOf(flow)
  const path = run.activations
  const findLast = (nodes: readonly (string | undefined)[], since: number, before: number) =>
    path
      .slice(since, Math.max(since, before))
      .findLast(({ node, status }) => status === 'done' && nodes.includes(node))
  const asked = (step: Activation | undefined, since: number, before: number): readonly Activation[] => {
    if (step === undefined) return []
    return run.tasks.some((task) => task.activation === step.id) ? [step] : walk(step, since, before)
  }
  /** `before`: branches of a join may have gone on after the first of them had entered it. */
  const walk = (at: Activation, since: number, before: number): readonly Activation[] => {
    const block = blocksOf(flow).blockAt(at.node)
    if (block?.join !== at.node) {
      const index = path.indexOf(at)
      return asked(findLast([edges.get(at.via ?? '')?.from], since, index), since, index)
    }
    const split = path.slice(0, before).findLastIndex(({ node }) => node === block.split)
    const { arrived } = at.state
    const inside = block.branches.flatMap((branch) => {
      if (!isJsonObject(arrived ?? null) || (arrived as JsonObject)[branch.edge] !== 'done') return []
      const last = branch.arrivals.map((edge) => edges.get(edge)?.from)
      return asked(findLast(last, split + 1, before), split + 1, before)
    })
    const outside = split < since ? undefined : path[split]
    return inside.length > 0 || outside === undefined ? inside : walk(outside, since, split)
  }
  const index = path.findIndex(({ id }) => id === activation.id)
  return walk(activation, 0, index < 0 ? path.length : index)
}
