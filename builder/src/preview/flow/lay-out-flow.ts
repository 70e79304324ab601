import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { edgeTitle } from '@channelwright/runtime/flow/edge-title.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import { layOutWays } from '@channelwright/runtime/react/views/flows/edge-way.ts'
import type { WayEdgeType } from '@channelwright/runtime/react/views/flows/WayEdge.tsx'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Node } from '@xyflow/react'

export const nodeWidth = 190
export const nodeHeight = 58

export type DiagramNode = Node<
  {
    title: string
    note: string
    place: 'start' | 'end' | 'way'
    /** What the checks say of it. */
    problems: readonly Diagnostic[]
    /** Whether a case went through it; null: none is shown. */
    taken: 'yes' | 'no' | 'waits' | null
  },
  'step'
>

/** Places the nodes top-down; the same flow always gives the same picture. */
export function layOutFlow(
  flow: FlowDefinition,
  locale: Locale,
): { nodes: DiagramNode[]; edges: WayEdgeType[] } {
  const edges = flow.edges.map((edge) => ({
    id: edge['x-id'],
    from: edge.from,
    to: edge.to,
    label: edgeTitle(flow, edge)?.[locale],
  }))
  const laid = layOutWays(
    { nodes: flow.nodes.map((node) => ({ id: node['x-id'] })), edges },
    { width: nodeWidth, height: nodeHeight, nodesep: 48, ranksep: 56 },
  )
  return {
    nodes: flow.nodes.map((node) => {
      const at = laid.middleOf(node['x-id'])
      return {
        id: node['x-id'],
        type: 'step',
        position: { x: at.x - nodeWidth / 2, y: at.y - nodeHeight / 2 },
        width: nodeWidth,
        height: nodeHeight,
        data: {
          title: node.title[locale],
          note: findNodeType(node.type)?.title[locale] ?? node.type,
          place: findNodeType(node.type)?.place ?? 'way',
          problems: [],
          taken: null,
        },
      }
    }),
    edges: edges.map((edge) => ({
      id: edge.id,
      source: edge.from,
      target: edge.to,
      label: edge.label,
      type: 'way',
      data: laid.bendsOf(edge),
    })),
  }
}
