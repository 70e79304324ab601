import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import { suggest } from '../fields/suggest.ts'
import { findNodeType } from '../nodes/index.ts'
import { type Locale, locales } from '../text.ts'
import { blocksOf } from './blocks.ts'
import { edgesByExit, exitOf } from './exits.ts'
import { type FlowGraph, graphOf } from './graph.ts'

/** Edges out of one node. */
export const maxBranches = 20
/** Splits within the branches of splits. */
export const maxDepth = 8

/** The flow as a graph: one start, ends, edges that fit, everything on a way from start to end, no circle. */
export function checkStructure(flow: FlowDefinition): Diagnostic[] {
  const basics = [...checkIds(flow), ...checkPlaces(flow), ...checkEdgeEnds(flow)]
  const graph = graphOf(flow)
  const found = [
    ...basics,
    ...flow.nodes.flatMap((node, index) => checkExits(graph, node as FlowNode, `/nodes/${index}`)),
  ]
  // Where ids or edges are wrong already, what follows would only be noise about the same mistake.
  if (basics.length > 0) return found
  const circle = findCircle(graph)
  if (circle !== null) {
    const at = flow.nodes.findIndex((node) => node['x-id'] === circle[0])
    return [
      ...found,
      diagnose(errors.flowCycle, `/nodes/${at}`, { nodes: [...circle, circle[0]].join(' → ') }),
    ]
  }
  found.push(...checkReach(flow, graph))
  if (found.length > 0) return found
  return [...found, ...checkBlocks(flow, graph)]
}

/** Splits and joins are pairs, and neither too wide nor too deep to be read. */
function checkBlocks(flow: FlowDefinition, graph: FlowGraph): Diagnostic[] {
  const blocks = blocksOf(flow)
  const pathOf = (id: string) => `/nodes/${flow.nodes.findIndex((node) => node['x-id'] === id)}`
  const { unpaired } = blocks
  if (unpaired !== null) {
    const titles = (locale: Locale) =>
      unpaired.region.map((id) => `"${graph.nodes.get(id)?.title[locale] || id}"`).join(', ')
    const values = {
      node: unpaired.node,
      pattern: unpaired.pattern,
      region: Object.fromEntries(locales.map((locale) => [locale, titles(locale)])),
    }
    return [diagnose(errors.flowUnpaired, pathOf(unpaired.node), values)]
  }
  const found: Diagnostic[] = []
  for (const node of flow.nodes) {
    const id = node['x-id']
    const count = graph.out.get(id)?.length ?? 0
    if (count > maxBranches) {
      const values = { node: id, count, limit: maxBranches }
      found.push(diagnose(errors.flowTooManyBranches, pathOf(id), values))
    }
  }
  const deep = blocks.all.find((block) => blocks.depthOf(block.split) >= maxDepth)
  if (deep !== undefined) {
    const values = { node: deep.split, limit: maxDepth }
    found.push(diagnose(errors.flowTooDeep, pathOf(deep.split), values))
  }
  return found
}

function checkIds(flow: FlowDefinition): Diagnostic[] {
  const seen = new Set<string>()
  const check = (id: string, path: string): Diagnostic[] => {
    const twice = seen.has(id)
    seen.add(id)
    return twice ? [diagnose(errors.flowDuplicateId, path, { id })] : []
  }
  return [
    ...flow.nodes.flatMap((node, index) => check(node['x-id'], `/nodes/${index}/x-id`)),
    ...flow.edges.flatMap((edge, index) => check(edge['x-id'], `/edges/${index}/x-id`)),
  ]
}

function checkPlaces(flow: FlowDefinition): Diagnostic[] {
  const count = (place: string) =>
    flow.nodes.filter((node) => findNodeType(node.type)?.place === place).length
  const starts = count('start')
  return [
    ...(starts === 1 ? [] : [diagnose(errors.flowStart, '/nodes', { count: starts })]),
    ...(count('end') > 0 ? [] : [diagnose(errors.flowNoEnd, '/nodes')]),
  ]
}

function checkEdgeEnds(flow: FlowDefinition): Diagnostic[] {
  const types = new Map(flow.nodes.map((node) => [node['x-id'], findNodeType(node.type)]))
  return flow.edges.flatMap((edge, index) => {
    const found: Diagnostic[] = []
    for (const end of ['from', 'to'] as const)
      if (!types.has(edge[end])) {
        const values = { id: edge[end], ...suggest(edge[end], types.keys()) }
        found.push(diagnose(errors.flowEdgeTarget, `/edges/${index}/${end}`, values))
      }
    if (types.get(edge.from)?.place === 'end')
      found.push(
        diagnose(errors.flowArity, `/edges/${index}/from`, {
          direction: { en: 'out of', zh: '流出' },
          node: edge.from,
        }),
      )
    if (types.get(edge.to)?.place === 'start')
      found.push(
        diagnose(errors.flowArity, `/edges/${index}/to`, {
          direction: { en: 'into', zh: '流入' },
          node: edge.to,
        }),
      )
    return found
  })
}

/** Every exit leads somewhere, by one edge unless the node splits; conditions have their default and their order. */
function checkExits(graph: FlowGraph, node: FlowNode, pointer: string): Diagnostic[] {
  const type = findNodeType(node.type)
  if (type === undefined) return []
  const id = node['x-id']
  const exits = type.exits(node)
  const found: Diagnostic[] = []
  for (const edge of graph.out.get(id) ?? []) {
    const exit = exitOf(node, edge)
    if (type.place !== 'end' && (exit === undefined || !exits.includes(exit)))
      found.push(diagnose(errors.flowExitUnknown, pointer, { node: id, exit, exits: exits.join(', ') }))
  }
  for (const exit of exits) {
    const edges = edgesByExit(graph, node, exit)
    if (edges.length === 0) found.push(diagnose(errors.flowExitOpen, pointer, { node: id, exit }))
    if (edges.length > 1 && type.conditional !== true && type.splits === undefined)
      found.push(diagnose(errors.flowExitTwice, pointer, { node: id, exit }))
    if (type.conditional !== true || edges.length === 0) continue
    const defaults = edges.filter((edge) => edge.default === true).length
    if (defaults !== 1) found.push(diagnose(errors.flowDefault, pointer, { node: id, count: defaults }))
    const orders = edges.filter((edge) => edge.default !== true).map((edge) => edge['x-order'] ?? '')
    if (new Set(orders).size < orders.length)
      found.push(diagnose(errors.flowEdgeOrder, pointer, { node: id }))
  }
  return found
}

function checkReach(flow: FlowDefinition, graph: FlowGraph): Diagnostic[] {
  const place = (wanted: string) =>
    flow.nodes.filter((node) => findNodeType(node.type)?.place === wanted).map((node) => node['x-id'])
  const forward = spread(place('start'), (id) => (graph.out.get(id) ?? []).map((edge) => edge.to))
  const backward = spread(place('end'), (id) => (graph.into.get(id) ?? []).map((edge) => edge.from))
  return flow.nodes.flatMap((node, index) => {
    const id = node['x-id']
    const path = `/nodes/${index}`
    if (!forward.has(id)) return [diagnose(errors.flowUnreachable, path, { node: id })]
    if (!backward.has(id)) return [diagnose(errors.flowDeadEnd, path, { node: id })]
    return []
  })
}

function spread(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(from)
  const queue = [...from]
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const other of next(id))
      if (!seen.has(other)) {
        seen.add(other)
        queue.push(other)
      }
  return seen
}

/** The nodes of one circle in order, or null. Walks without recursion: a flow may be 200 nodes deep. */
function findCircle(graph: FlowGraph): string[] | null {
  const done = new Set<string>()
  for (const root of graph.nodes.keys()) {
    if (done.has(root)) continue
    const path: { id: string; next: number }[] = [{ id: root, next: 0 }]
    const onPath = new Set([root])
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = (graph.out.get(top.id) ?? [])[top.next]
      top.next += 1
      if (edge === undefined) {
        done.add(top.id)
        onPath.delete(top.id)
        path.pop()
      } else if (onPath.has(edge.to)) {
        const ids = path.map((step) => step.id)
        return ids.slice(ids.indexOf(edge.to))
      } else if (!done.has(edge.to)) {
        onPath.add(edge.to)
        path.push({ id: edge.to, next: 0 })
      }
    }
  }
  return null
}
