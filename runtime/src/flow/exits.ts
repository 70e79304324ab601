import type { FlowEdge, FlowNode } from '../definition/flow.ts'
import { findNodeType } from '../nodes/index.ts'
import type { FlowGraph } from './graph.ts'

/** The exit that an edge leaves its node by: the one it names, else the node's first. */
export function exitOf(node: FlowNode, edge: FlowEdge): string | undefined {
  return edge.exit ?? findNodeType(node.type)?.exits(node)[0]
}

/** The edges that leave a node by one exit, in order. */
export function edgesByExit(graph: FlowGraph, node: FlowNode, exit: string): readonly FlowEdge[] {
  return (graph.out.get(node['x-id']) ?? []).filter((edge) => exitOf(node, edge) === exit)
}
