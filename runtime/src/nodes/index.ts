import { action } from './action/node.ts'
import { approval } from './approval/node.ts'
import { assign } from './assign/node.ts'
import { cc } from './cc/node.ts'
import { condition } from './condition/node.ts'
import { delay } from './delay/node.ts'
import { end } from './end/node.ts'
import { forEach } from './for_each/node.ts'
import { inclusive } from './inclusive/node.ts'
import { join } from './join/node.ts'
import { merge } from './merge/node.ts'
import type { NodeType } from './node-type.ts'
import { parallel } from './parallel/node.ts'
import { start } from './start/node.ts'
import { subflow } from './subflow/node.ts'
import { task } from './task/node.ts'
import { wait } from './wait/node.ts'

/** THE list of node types, sorted. */
export const nodeTypes: readonly NodeType[] = [
  action,
  approval,
  assign,
  cc,
  condition,
  delay,
  end,
  forEach,
  inclusive,
  join,
  merge,
  parallel,
  start,
  subflow,
  task,
  wait,
]

const byName = new Map(nodeTypes.map((type) => [type.name, type]))

export function findNodeType(name: string): NodeType | undefined {
  return byName.get(name)
}
