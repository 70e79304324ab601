import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { isJsonObject, type Json } from '../json.ts'
import { findNodeType } from '../nodes/index.ts'
import { blocksOf } from './blocks.ts'
import type { Engine } from './engine.ts'
import type { FlowGraph } from './graph.ts'
import type { Activation, WayBack } from './run.ts'
import { hasVerdict } from './voices.ts'

/** No split lies between the two: straight back would leave the other branches behind. */
export function isSameBranch(flow: FlowDefinition, one: string, other: string): boolean {
  const blocks = blocksOf(flow)
  return blocks.blockAround(one) === blocks.blockAround(other)
}

/**
 * Straight back is only right while all that is passed over still stands: the way out of here by which the case went
 * on before, what was done and has not been taken back, and what people decided on fields that are as they were. Of
 * what has changed only that counts which a step read, or showed to those who decided at it.
 */
export function mayGoStraight(engine: Engine, activation: Activation, exit: string, back: WayBack): boolean {
  const { ports, draft, graph } = engine
  const way = wayPassed(engine, activation, back)
  if (way?.exit !== exit || way.steps.some(({ state }) => state.undone === true)) return false
  const since = activation.dataVersion
  if (since === null || ports.dataVersion === undefined || ports.dataVersion === since) return true
  const changed = ports.changedFields?.(since)
  return !way.steps.some((step) => {
    const node = graph.nodes.get(step.node)
    if (node === undefined) return false
    const isDecided = hasVerdict(draft.tasksOf(step.id))
    const reads = fieldsRead(graph, node)
    if (changed === undefined) return isDecided || reads.size > 0
    return changed.some((field) => reads.has(field) || (isDecided && isShown(node, field)))
  })
}

/** How the case went from a step to the one that sent it back to there, when it last came there step by step. */
function wayPassed(
  { draft, flow, graph }: Engine,
  { id, node: from }: Activation,
  { node: to }: WayBack,
): { readonly exit: string | null; readonly steps: readonly Activation[] } | null {
  const earlier = draft.activations.slice(
    0,
    draft.activations.findIndex((one) => one.id === id),
  )
  const last = earlier.findLastIndex(({ node, cause }) => node === to && cause !== 'direct')
  const begun = earlier.slice(0, last).findLastIndex(({ node, status }) => node === from && status === 'done')
  const [first] = earlier.slice(begun)
  if (last < 0 || begun < 0 || first === undefined) return null
  const leading = leadingTo(graph, to)
  const steps = earlier
    .slice(begun + 1, last)
    .filter(
      ({ node, status }) => status === 'done' && leading.has(node) && blocksOf(flow).dominates(from, node),
    )
  return { exit: first.exit, steps }
}

/** The nodes from which a way leads to one, without itself. */
function leadingTo({ into }: FlowGraph, to: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [to]
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const { from } of into.get(at) ?? [])
      if (!found.has(from)) {
        found.add(from)
        open.push(from)
      }
  return found
}

/** Whoever decides at the step sees the field. */
function isShown(node: FlowNode, field: string): boolean {
  const rights = isJsonObject(node.fields) ? node.fields : {}
  return (rights[field] ?? rights['*'] ?? 'r') !== 'hidden'
}

/** Fields of the record that a step asks for: by its rules, those of the ways out of it, and paths to people. */
function fieldsRead(graph: FlowGraph, node: FlowNode): ReadonlySet<string> {
  const { 'x-id': id, type, title: _title, ...settings } = node
  const paths = findNodeType(type)?.reads?.(node) ?? []
  const ways = (graph.out.get(id) ?? []).map(({ when }) => when as Json)
  return new Set(
    [...paths, ...pathsIn(settings as Json), ...pathsIn(ways)].map((path) => path.split('.')[0] ?? ''),
  )
}

function* pathsIn(value: Json | undefined): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  if (isJsonObject(value)) {
    const path = Array.isArray(value.var) ? value.var[0] : value.var
    if (typeof path === 'string') yield path
  }
  for (const inner of Object.values(value)) yield* pathsIn(inner)
}
