import { traits as approval } from './approval/traits.ts'
import { traits as assign } from './assign/traits.ts'
import { traits as condition } from './condition/traits.ts'
import { traits as end } from './end/traits.ts'
import { traits as inclusive } from './inclusive/traits.ts'
import { traits as join } from './join/traits.ts'
import type { NodeTraits } from './node-traits.ts'
import { traits as parallel } from './parallel/traits.ts'
import { traits as start } from './start/traits.ts'
import { traits as task } from './task/traits.ts'

/**
 * The node types that have a shape or tasks: what the graph of a flow and the checks of one node must know of all
 * types, whose types are made of those checks. So it is apart from the list of types, and imports none of them.
 */
const traits: Readonly<Record<string, NodeTraits>> = {
  approval,
  assign,
  condition,
  end,
  inclusive,
  join,
  parallel,
  start,
  task,
}

const plain: NodeTraits = {}

/** Of a type that there is not: those of one that has nothing to tell; `checkFlow` reports it. */
export function traitsOf(type: string): NodeTraits {
  return Object.hasOwn(traits, type) ? traits[type]! : plain
}
