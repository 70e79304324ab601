import type { FlowDefinition } from '../definition/flow.ts'
import { traitsOf } from '../nodes/traits.ts'
import type { Text } from '../text.ts'
import { graphOf } from './graph.ts'
import type { Activation, FlowRun } from './run.ts'

/** What of a run says which end it reached: that of its last round whose outcome it has. */
export interface Ended extends Pick<FlowRun, 'outcome' | 'round'> {
  /** In the order in which they were entered; of those, no more than the ends are needed. */
  readonly activations: readonly Pick<Activation, 'node' | 'round'>[]
}

/** What the end is called by which a case ended; null where it was broken off. */
export function endTitle(flow: FlowDefinition, { outcome, round, activations }: Ended): Text | null {
  if (outcome === null) return null
  const ends = endsOf(flow, outcome)
  const reached = activations.findLast((one) => one.round === round && ends.includes(one.node))
  return reached === undefined ? null : (graphOf(flow).nodes.get(reached.node)?.title ?? null)
}

/** The ends of a flow that have this outcome, in its order. */
export function endsOf(flow: FlowDefinition, outcome: string): readonly string[] {
  return flow.nodes
    .filter(
      (node) => traitsOf(node.type).place === 'end' && (node as { outcome?: unknown }).outcome === outcome,
    )
    .map((node) => node['x-id'])
}

/** What the end of an outcome is called, where nobody knows which of several was reached: the first; null without one. */
export function outcomeTitle(flow: FlowDefinition, outcome: string | null): Text | null {
  const [first] = outcome === null ? [] : endsOf(flow, outcome)
  return first === undefined ? null : (graphOf(flow).nodes.get(first)?.title ?? null)
}
