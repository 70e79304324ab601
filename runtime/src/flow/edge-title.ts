import type { FlowDefinition, FlowEdge } from '../definition/flow.ts'
import { findNodeType } from '../nodes/index.ts'
import type { Text } from '../text.ts'

const otherwise: Text = { en: 'Otherwise', zh: '否则' }

/**
 * What people read at an edge: its own title, else what the exit is called that it leaves by; null where there is only
 * one way to go.
 */
export function edgeTitle(flow: FlowDefinition, edge: FlowEdge): Text | null {
  if (edge.title) return edge.title
  const node = flow.nodes.find((one) => one['x-id'] === edge.from)
  const type = node && findNodeType(node.type)
  if (!node || !type) return edge.exit === undefined ? null : { en: edge.exit, zh: edge.exit }
  if (type.conditional && edge.default) return otherwise
  const exits = type.exits(node as never)
  const exit = edge.exit ?? exits[0] ?? ''
  return type.exitTitles?.[exit] ?? (exits.length > 1 ? { en: exit, zh: exit } : null)
}
