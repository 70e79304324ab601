import type { FlowDefinition } from '../definition/flow.ts'
import { traitsOf } from '../nodes/traits.ts'
import type { Text } from '../text.ts'
import { graphOf } from './graph.ts'
import type { FlowRun } from './run.ts'

/** What the end is called by which a case ended; null where it was broken off. */
export function endTitle(flow: FlowDefinition, run: FlowRun): Text | null {
  if (run.outcome === null) return null
  const { nodes } = graphOf(flow)
  const ends = run.activations.flatMap(({ node }) => nodes.get(node) ?? [])
  return ends.findLast(({ type }) => traitsOf(type).place === 'end')?.title ?? null
}
