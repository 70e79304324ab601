import type { ErrorCode } from '../errors/create-error.ts'
import { ruleOutOfRange, ruleRunLimit } from '../errors/logic.ts'
import type { Json } from '../json.ts'
import { compileVar, plainField } from './compile-var.ts'
import {
  type CallNode,
  countSlots,
  type IrNode,
  type ListNode,
  type TypedRule,
  type VarNode,
  walkNodes,
} from './ir.ts'
import { limits } from './limits.ts'
import type { EvaluateCall } from './operator.ts'
import { writeValue } from './read-value.ts'
import { isNumeric, scaleOf } from './rule-type.ts'
import { powerOfTen, shiftUnits, type Units } from './scaled.ts'
import type { RuleType } from './types.ts'
import { Frame, RuleFailure, type RuleResult, type RuleValue, type Thunk } from './value.ts'

/** How nodes are compiled: `wrap` sees each compiled node (the trace records through it). */
export interface CompileMode {
  wrap(node: IrNode, thunk: Thunk): Thunk
  /** Called at each turn of a node that binds names, before the operands of its body. */
  turn?(node: CallNode): void
  /** Whether literals and fields may be built into the closures above them. */
  readonly constants: boolean
  /** Fields that are kept once read. */
  readonly memo?: ReadonlyMap<string, number>
}

const plain: CompileMode = { wrap: (_node, thunk) => thunk, constants: true }

export type CompiledRule = (data: unknown, context?: unknown) => RuleResult

const nothing: Readonly<Record<string, unknown>> = Object.freeze({})
const yes: RuleResult = Object.freeze({ ok: true, value: true })
const no: RuleResult = Object.freeze({ ok: true, value: false })
const empty: RuleResult = Object.freeze({ ok: true, value: null })

/**
 * The rule as a function of data and context. `data` is the record as JSON (exact decimals as text, numbers taken by
 * their shortest text); names that begin with `$` are read from `context`, or from `data` where none is given. Never
 * throws for what the data holds. Compile once, call often.
 */
export function compileRule(rule: TypedRule): CompiledRule {
  const { root, type } = rule
  const memo = memoOf(root)
  const run = compileNode(root, { ...plain, memo })
  const slots = countSlots(root)
  const fresh = () => new Frame(nothing, nothing, null, new Array<RuleValue>(slots).fill(null), [])
  const kept = memo.size
  // One frame serves call after call; a rule called while it runs (by a getter in the data) gets another.
  let spare: Frame | null = fresh()
  const evaluate = (data: unknown, context: unknown): RuleValue => {
    const frame = spare ?? fresh()
    spare = null
    const fields = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : nothing
    frame.data = fields
    frame.context =
      typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : fields
    frame.whole = data
    frame.steps = 0
    for (let i = 0; i < kept; i++) frame.memo[i] = undefined
    try {
      return run(frame)
    } finally {
      // Nothing of the record is held on to.
      frame.data = nothing
      frame.context = nothing
      frame.whole = null
      spare = frame
    }
  }
  if (type.t === 'bool') {
    // The most frequent kind of rule by far, and its values are JSON already.
    return (data, context) => {
      try {
        const value = evaluate(data, context)
        return value === true ? yes : value === false ? no : empty
      } catch (thrown) {
        return failed(thrown)
      }
    }
  }
  const grow = isNumeric(type) ? scaleOf(type) - scaleOf(root.type) : 0
  return (data, context) => {
    try {
      const value = evaluate(data, context)
      return {
        ok: true,
        value: writeValue(grow > 0 && value !== null ? shiftUnits(value as Units, grow) : value, type),
      }
    } catch (thrown) {
      return failed(thrown)
    }
  }
}

/** The fields that are read more than once, each with its place in the frame; by `memoKey`. */
function memoOf(root: IrNode): Map<string, number> {
  const counts = new Map<string, number>()
  for (const node of walkNodes(root)) {
    if (node.kind !== 'var' || !plainField(node, null)) continue
    const key = memoKey(node)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const memo = new Map<string, number>()
  for (const [key, count] of counts) if (count > 1) memo.set(key, memo.size)
  return memo
}

function memoKey(node: VarNode): string {
  return `${node.name}:${node.type.t}:${scaleOf(node.type)}`
}

/** `slots`: how many names the operators of the rule bind at once, from `countSlots`. */
export function frameOf(data: unknown, context: unknown, slots: number): Frame {
  const fields = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : nothing
  return new Frame(
    fields,
    typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : fields,
    data,
    new Array<RuleValue>(slots).fill(null),
    [],
  )
}

export function failed(thrown: unknown): RuleResult {
  if (!(thrown instanceof RuleFailure)) throw thrown
  return { ok: false, error: { code: thrown.error.code, path: thrown.path, values: thrown.values } }
}

export function compileNode(node: IrNode, mode: CompileMode): Thunk {
  return mode.wrap(node, compilePlain(node, mode))
}

function compilePlain(node: IrNode, mode: CompileMode): Thunk {
  switch (node.kind) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'var':
      return compileVar(node, mode.memo?.get(memoKey(node)) ?? null)
    case 'list':
      return compileList(node, mode)
    case 'call':
      return compileCall(node, mode)
  }
}

function compileList(node: ListNode, mode: CompileMode): Thunk {
  const of = node.type.t === 'list' ? node.type.of : null
  const scale = of && isNumeric(of) ? scaleOf(of) : null
  if (node.items.every((item) => item.kind === 'literal')) {
    const values = node.items.map((item) => constantAt(item, scale) ?? null)
    return () => values
  }
  const items = node.items.map((item) => scaled(compileNode(item, mode), item, scale))
  return (frame) => items.map((item) => item(frame))
}

function compileCall(node: CallNode, mode: CompileMode): Thunk {
  const arg = (index: number, scale?: number) => {
    const child = node.args[index]
    if (!child) throw new RangeError(`operator ${node.operator.name} has no operand ${index}`)
    return scaled(compileNode(child, mode), child, scale ?? null)
  }
  const call: EvaluateCall = {
    node,
    arg,
    args: (scale) => node.args.map((_, i) => arg(i, scale)),
    field: (index) => {
      const child = node.args[index]
      if (!mode.constants || child?.kind !== 'var') return null
      return plainField(child, mode.memo?.get(memoKey(child)) ?? null)
    },
    check: rangeCheck(node),
    as: (index, type) => converted(compileNode(node.args[index]!, mode), node.args[index]!.type, type),
    steps: (frame, turns) => {
      frame.steps += turns
      if (frame.steps > limits.steps) {
        fail(ruleRunLimit, node.path, { what: 'the number of steps', what_zh: '步数', limit: limits.steps })
      }
    },
    turn: mode.turn ? () => mode.turn?.(node) : null,
    constant: (index, scale) => (mode.constants ? constantAt(node.args[index], scale ?? null) : undefined),
    fail: (error, values) => fail(error, node.path, values),
  }
  const thunk = node.operator.evaluate(call)
  return node.ranged && !node.operator.checksRange ? rangeChecked(thunk, node) : thunk
}

function fail(error: ErrorCode, path: string, values: Readonly<Record<string, Json>> = {}): never {
  throw new RuleFailure(error, path, values)
}

function limitOf(node: CallNode): bigint {
  return powerOfTen(20 + scaleOf(node.type))
}

/** E_RANGE at 10^20. Plain numbers stay below 10^16, far inside the range. */
function inRange(value: Units, limit: bigint, path: string): Units {
  if (typeof value === 'bigint' && (value >= limit || value <= -limit)) fail(ruleOutOfRange, path)
  return value
}

function rangeCheck(node: CallNode): (value: Units) => Units {
  if (!node.ranged) return (value) => value
  const limit = limitOf(node)
  return (value) => inRange(value, limit, node.path)
}

/** For operations whose operands can lead out of the range, where they do not test it themselves. */
function rangeChecked(thunk: Thunk, node: CallNode): Thunk {
  const limit = limitOf(node)
  return (frame) => {
    const value = thunk(frame)
    return typeof value === 'bigint' ? inRange(value, limit, node.path) : value
  }
}

function constantAt(node: IrNode | undefined, scale: number | null): RuleValue | undefined {
  if (node?.kind !== 'literal') return undefined
  return scale !== null && isNumeric(node.type)
    ? shiftUnits(node.value as Units, scale - scaleOf(node.type))
    : node.value
}

function scaled(thunk: Thunk, node: IrNode, scale: number | null): Thunk {
  const shift = scale === null || !isNumeric(node.type) ? 0 : scale - scaleOf(node.type)
  if (shift === 0) return thunk
  if (node.type.nullable) {
    return (frame) => {
      const value = thunk(frame)
      return value === null ? null : shiftUnits(value as Units, shift)
    }
  }
  return (frame) => shiftUnits(thunk(frame) as Units, shift)
}

/** From one type to a wider one: a greater scale, inside lists too. */
function converted(thunk: Thunk, from: RuleType, to: RuleType): Thunk {
  const convert = conversion(from, to)
  if (!convert) return thunk
  return (frame) => {
    const value = thunk(frame)
    return value === null ? null : convert(value)
  }
}

function conversion(from: RuleType, to: RuleType): ((value: RuleValue) => RuleValue) | null {
  if (isNumeric(from) && isNumeric(to)) {
    const shift = scaleOf(to) - scaleOf(from)
    return shift === 0 ? null : (value) => shiftUnits(value as Units, shift)
  }
  if (from.t !== 'list' || to.t !== 'list') return null
  const convert = conversion(from.of, to.of)
  if (!convert) return null
  return (value) => (value as readonly RuleValue[]).map((item) => (item === null ? null : convert(item)))
}
