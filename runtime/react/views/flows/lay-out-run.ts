import type { Node } from '@xyflow/react'
import type { RunReply } from '../../../src/api/flows.ts'
import type { Locale } from '../../../src/text.ts'
import { layOutWays } from './edge-way.ts'
import type { RunNode } from './run-steps.ts'
import type { WayEdgeType } from './WayEdge.tsx'

export const nodeWidth = 210
export const nodeHeight = 84

export type DiagramNode = Node<{ node: RunNode; place: 'start' | 'end' | 'way' }, 'step'>

/** Places the nodes top-down; the same run always gives the same picture. */
export function layOutRun(
  run: RunReply,
  locale: Locale,
): { nodes: DiagramNode[]; edges: WayEdgeType[]; width: number; height: number } {
  const edges = run.edges.map((edge) => ({ ...edge, label: edge.title?.[locale] }))
  const laid = layOutWays(
    { nodes: run.nodes, edges },
    { width: nodeWidth, height: nodeHeight, nodesep: 40, ranksep: 52 },
  )
  const froms = new Set(run.edges.map((edge) => edge.from))
  const tos = new Set(run.edges.map((edge) => edge.to))
  return {
    width: laid.width,
    height: laid.height,
    nodes: run.nodes.map((node) => {
      const at = laid.middleOf(node.id)
      return {
        id: node.id,
        type: 'step',
        position: { x: at.x - nodeWidth / 2, y: at.y - nodeHeight / 2 },
        width: nodeWidth,
        height: nodeHeight,
        data: { node, place: tos.has(node.id) ? (froms.has(node.id) ? 'way' : 'end') : 'start' },
      }
    }),
    edges: edges.map((edge) => ({
      id: edge.id,
      source: edge.from,
      target: edge.to,
      label: edge.label,
      type: 'way',
      data: laid.bendsOf(edge),
      className: edge.taken ? 'cw-edge-taken' : 'cw-edge-open',
    })),
  }
}
