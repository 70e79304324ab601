import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import dagre from '@dagrejs/dagre'
import type { Edge, Node } from '@xyflow/react'

export const nodeWidth = 190
export const nodeHeight = 58

export type DiagramNode = Node<{ title: string; type: string }, 'step'>

/** Places the nodes top-down; the same flow always gives the same picture. */
export function layOutFlow(flow: FlowDefinition, locale: Locale): { nodes: DiagramNode[]; edges: Edge[] } {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 48, ranksep: 56 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of flow.nodes) graph.setNode(node['x-id'], { width: nodeWidth, height: nodeHeight })
  for (const edge of flow.edges) graph.setEdge(edge.from, edge.to)
  dagre.layout(graph)
  return {
    nodes: flow.nodes.map((node) => {
      const at = graph.node(node['x-id'])
      return {
        id: node['x-id'],
        type: 'step',
        position: { x: at.x - nodeWidth / 2, y: at.y - nodeHeight / 2 },
        width: nodeWidth,
        height: nodeHeight,
        data: { title: node.title[locale], type: node.type },
      }
    }),
    edges: flow.edges.map((edge) => ({
      id: edge['x-id'],
      source: edge.from,
      target: edge.to,
      label: edge.title?.[locale] ?? edge.exit,
      type: 'smoothstep',
    })),
  }
}
