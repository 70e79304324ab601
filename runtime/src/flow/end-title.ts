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

/** What ends of an outcome are called, where a list knows no more; null without one. */
export function outcomeTitle(flow: FlowDefinition, outcome: string | null): Text | null {
  if (outcome === null) return null
  const end = flow.nodes.find((node) => (node as { outcome?: unknown }).outcome === outcome)
  return end?.title ?? null
}
