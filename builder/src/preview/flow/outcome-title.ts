import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Locale } from '@channelwright/runtime/text.ts'

/**
 * How a case ended, by the title of its end: outcomes are words for flows, not for people. `path` tells which of
 * several ends with one outcome was reached.
 */
export function outcomeTitle(
  flow: FlowDefinition,
  outcome: string,
  locale: Locale,
  path: readonly string[] = [],
): string {
  const ends = flow.nodes.filter((node) => (node as { outcome?: unknown }).outcome === outcome)
  const reached = path.findLast((id) => ends.some((node) => node['x-id'] === id))
  return (ends.find((node) => node['x-id'] === reached) ?? ends[0])?.title[locale] ?? outcome
}
