import dagre from '@dagrejs/dagre'
import type { Edge, Node } from '@xyflow/react'
import type { RunReply } from '../../../src/api/flows.ts'
import type { Locale } from '../../../src/text.ts'
import type { RunNode } from './run-steps.ts'

export const nodeWidth = 210
export const nodeHeight = 66

export type DiagramNode = Node<{ node: RunNode; place: 'start' | 'end' | 'way' }, 'step'>

/** Places the nodes top-down; the same run always gives the same picture. */
export function layOutRun(
  run: RunReply,
  locale: Locale,
): { nodes: DiagramNode[]; edges: Edge[]; height: number } {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 40, ranksep: 52 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of run.nodes) graph.setNode(node.id, { width: nodeWidth, height: nodeHeight })
  for (const edge of run.edges) graph.setEdge(edge.from, edge.to)
  dagre.layout(graph)
  const froms = new Set(run.edges.map((edge) => edge.from))
  const tos = new Set(run.edges.map((edge) => edge.to))
  return {
    height: graph.graph().height ?? 0,
    nodes: run.nodes.map((node) => {
      const at = graph.node(node.id)
      return {
        id: node.id,
        type: 'step',
        position: { x: at.x - nodeWidth / 2, y: at.y - nodeHeight / 2 },
        width: nodeWidth,
        height: nodeHeight,
        data: { node, place: tos.has(node.id) ? (froms.has(node.id) ? 'way' : 'end') : 'start' },
      }
    }),
    edges: run.edges.map((edge) => ({
      id: edge.id,
      source: edge.from,
      target: edge.to,
      label: edge.title?.[locale],
      type: 'smoothstep',
      className: edge.taken ? 'cw-edge-taken' : 'cw-edge-open',
    })),
  }
}
