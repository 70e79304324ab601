import { action } from './action/node.ts'
import { approval } from './approval/node.ts'
import { condition } from './condition/node.ts'
import { end } from './end/node.ts'
import type { NodeType } from './node-type.ts'
import { start } from './start/node.ts'

/** THE list of node types, sorted. */
export const nodeTypes: readonly NodeType[] = [action, approval, condition, end, start]

const byName = new Map(nodeTypes.map((type) => [type.name, type]))

export function findNodeType(name: string): NodeType | undefined {
  return byName.get(name)
}
