import type { Gate } from '../flow/gate.ts'

/** Where nodes of a type stand in the shape of a flow, and whether people act there. */
export interface NodeTraits extends Gate {
  /** Its edges carry conditions: tried in order, one is the default. */
  readonly conditional?: boolean
  /** It has tasks, which people answer. */
  readonly tasks?: true
}

/**
 * What the graph of a flow and the checks of one node must know of all types, whose types are made of those checks: so
 * it stands by itself, in a file that imports none of them. A type that has nothing of it needs no line; what each says
 * of itself is held equal by tests/contract/nodes.test.ts.
 */
const traits = {
  approval: { tasks: true },
  assign: { tasks: true },
  condition: { conditional: true },
  end: { place: 'end' },
  inclusive: { splits: 'or', conditional: true },
  join: { joins: 'any' },
  parallel: { splits: 'and' },
  start: { place: 'start', tasks: true },
  task: { tasks: true },
} as const satisfies Record<string, NodeTraits>

const byName: ReadonlyMap<string, NodeTraits> = new Map(Object.entries(traits))
const plain: NodeTraits = {}

/** Of a type that there is not: those of one that has nothing to tell; `checkFlow` reports it. */
export function traitsOf(type: string): NodeTraits {
  return byName.get(type) ?? plain
}
