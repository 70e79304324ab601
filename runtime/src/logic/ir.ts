import type { Json } from '../json.ts'
import type { Operator } from './operator.ts'
import type { RuleLevel, RuleType } from './types.ts'
import type { RuleValue } from './value.ts'

/** A rule after checking: every node knows its type and its place. Immutable once `checkRule` returns it. */
export type IrNode = LiteralNode | VarNode | ListNode | CallNode

interface NodeBase {
  readonly type: RuleType
  /** JSON pointer into the rule. */
  readonly path: string
  /** The JSON it came from, for fixes. */
  readonly raw: Json
  /** Numeric nodes: |value| < 10^digits, known from literals, limits of fields and the operators above them. */
  readonly digits: number
}

export interface LiteralNode extends NodeBase {
  readonly kind: 'literal'
  /** In the form of `value.ts`: numbers as units at the scale of `type`. */
  readonly value: RuleValue
}

export interface VarNode extends NodeBase {
  readonly kind: 'var'
  /** Dotted path as written. */
  readonly name: string
  /** Empty for the whole of the data, or of what `local` names. */
  readonly segments: readonly string[]
  /** `from` or `to` of a period; the segments then end with the period's field. */
  readonly part: 'from' | 'to' | null
  /** Set when the path begins at a name that an operator around it binds: its slot. The segments then lead on from it. */
  readonly local: number | null
}

export interface ListNode extends NodeBase {
  readonly kind: 'list'
  readonly items: readonly IrNode[]
}

export interface CallNode extends NodeBase {
  readonly kind: 'call'
  readonly operator: Operator
  readonly args: readonly IrNode[]
  /** Numeric results that can pass 10^20 and are tested each time. */
  readonly ranged: boolean
  /** Operands that are part of the operator rather than values: scale, rounding mode, unit. */
  readonly settings: Readonly<Record<string, Json>>
  /** Names that the operands from `body` on may read besides the scope: the entry of a list, what was summed so far. */
  readonly binds: readonly BoundName[]
  /** What the operator has worked out from its operands when they were checked: a decision table, a calendar. */
  readonly payload?: unknown
  /** The operands from this one on are evaluated with `binds` set, once per entry. `args.length` where nothing is bound. */
  readonly body: number
}

/** A name that an operator binds for some of its operands, and the place in the frame where its value stands. */
export interface BoundName {
  readonly name: string
  readonly slot: number
  readonly type: RuleType
  /** Numeric names: |value| < 10^digits. */
  readonly digits: number
  /** The name stands for a path of the data rather than for a value: what lies behind it is read where it lies. */
  readonly alias?: { readonly segments: readonly string[]; readonly local: number | null }
}

/** A checked rule: what `compileRule`, `compileSql` and `traceRule` take. */
export interface TypedRule {
  readonly root: IrNode
  readonly type: RuleType
  readonly level: RuleLevel
  /** Every path it reads, dotted, once, in order of first use. */
  readonly reads: readonly string[]
  /** Prefix of all pointers: where the rule stands in its definition. */
  readonly path: string
}

/** The rule and everything below it, parents first. */
export function* walkNodes(node: IrNode): Generator<IrNode> {
  yield node
  for (const child of childrenOf(node)) yield* walkNodes(child)
}

/** Slots of bound names that a frame for this rule must hold. */
export function countSlots(root: IrNode): number {
  let slots = 0
  for (const node of walkNodes(root)) {
    if (node.kind === 'call') for (const { slot } of node.binds) slots = Math.max(slots, slot + 1)
  }
  return slots
}

export function childrenOf(node: IrNode): readonly IrNode[] {
  return node.kind === 'call' ? node.args : node.kind === 'list' ? node.items : []
}
