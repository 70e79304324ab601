import type { FlowDefinition, FlowEdge, FlowNode } from '../definition/flow.ts'

/** A flow with its edges at hand. Edges to unknown nodes are left out; `checkFlow` reports them. */
export interface FlowGraph {
  readonly nodes: ReadonlyMap<string, FlowNode>
  readonly edges: ReadonlyMap<string, FlowEdge>
  readonly into: ReadonlyMap<string, readonly FlowEdge[]>
  /** In the order of `x-order`. */
  readonly out: ReadonlyMap<string, readonly FlowEdge[]>
}

const graphs = new WeakMap<FlowDefinition, FlowGraph>()

/** Kept with the definition, which never changes. */
export function graphOf(flow: FlowDefinition): FlowGraph {
  const known = graphs.get(flow)
  if (known !== undefined) return known
  const nodes = new Map(flow.nodes.map((node) => [node['x-id'], node as FlowNode]))
  const edges = new Map<string, FlowEdge>()
  const into = new Map<string, FlowEdge[]>(flow.nodes.map((node) => [node['x-id'], []]))
  const out = new Map<string, FlowEdge[]>(flow.nodes.map((node) => [node['x-id'], []]))
  for (const edge of [...flow.edges].sort(compareOrder)) {
    if (!nodes.has(edge.from) || !nodes.has(edge.to)) continue
    edges.set(edge['x-id'], edge)
    into.get(edge.to)?.push(edge)
    out.get(edge.from)?.push(edge)
  }
  const graph = { nodes, edges, into, out }
  graphs.set(flow, graph)
  return graph
}

/** Order keys compare by code units; edges without one keep the order in which they are written. */
function compareOrder(a: FlowEdge, b: FlowEdge): number {
  const left = a['x-order'] ?? ''
  const right = b['x-order'] ?? ''
  return left < right ? -1 : left > right ? 1 : 0
}
