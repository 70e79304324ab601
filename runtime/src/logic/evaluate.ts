import type { ErrorCode } from '../errors/create-error.ts'
import { ruleInput, ruleOutOfRange, ruleRunLimit } from '../errors/logic.ts'
import type { Json } from '../json.ts'
import { type CallNode, countSlots, type IrNode, type ListNode, type TypedRule, type VarNode } from './ir.ts'
import { limits } from './limits.ts'
import type { EvaluateCall } from './operator.ts'
import { readerOf, writeValue } from './read-value.ts'
import { describeType, isNumeric, scaleOf } from './rule-type.ts'
import { powerOfTen, shiftUnits, type Units } from './scaled.ts'
import type { RuleType } from './types.ts'
import { Frame, RuleFailure, type RuleResult, type RuleValue, type Thunk } from './value.ts'

/** How nodes are compiled: `wrap` sees each compiled node (the trace records through it). */
export interface CompileMode {
  wrap(node: IrNode, thunk: Thunk): Thunk
  /** Called at each turn of a node that binds names, before the operands of its body. */
  turn?(node: CallNode): void
  /** Whether literals may be built into the closures above them. */
  readonly constants: boolean
}

const plain: CompileMode = { wrap: (_node, thunk) => thunk, constants: true }

export type CompiledRule = (data: unknown, context?: unknown) => RuleResult

/**
 * The rule as a function of data and context. `data` is the record as JSON (exact decimals as text, numbers taken by
 * their shortest text); names that begin with `$` are read from `context`, or from `data` where none is given. Never
 * throws for what the data holds. Compile once, call often.
 */
export function compileRule(rule: TypedRule): CompiledRule {
  const run = compileNode(rule.root, plain)
  const { root, type } = rule
  const slots = countSlots(root)
  const grow = isNumeric(type) ? scaleOf(type) - scaleOf(root.type) : 0
  if (type.t === 'bool') {
    // The most frequent kind of rule by far, and its values are JSON already.
    return (data, context) => {
      try {
        return { ok: true, value: run(frameOf(data, context, slots)) as boolean | null }
      } catch (thrown) {
        return failed(thrown)
      }
    }
  }
  return (data, context) => {
    try {
      const value = run(frameOf(data, context, slots))
      return {
        ok: true,
        value: writeValue(grow > 0 && value !== null ? shiftUnits(value as Units, grow) : value, type),
      }
    } catch (thrown) {
      return failed(thrown)
    }
  }
}

const nothing: Readonly<Record<string, unknown>> = Object.freeze({})

const noLocals: RuleValue[] = []

/** `slots`: how many names the operators of the rule bind at once, from `countSlots`. */
export function frameOf(data: unknown, context: unknown, slots: number): Frame {
  const fields = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : nothing
  return new Frame(
    fields,
    typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : fields,
    data,
    slots === 0 ? noLocals : new Array<RuleValue>(slots).fill(null),
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
      return compileVar(node)
    case 'list':
      return compileList(node, mode)
    case 'call':
      return compileCall(node, mode)
  }
}

function compileList(node: ListNode, mode: CompileMode): Thunk {
  const of = node.type.t === 'list' ? node.type.of : null
  const scale = of && isNumeric(of) ? scaleOf(of) : null
  const items = node.items.map((item) => scaled(compileNode(item, mode), item, scale))
  if (mode.constants && node.items.every((item) => item.kind === 'literal')) {
    const values = node.items.map((item) => constantAt(item, scale) ?? null)
    return () => values
  }
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
  return node.ranged ? rangeChecked(thunk, node) : thunk
}

function fail(error: ErrorCode, path: string, values: Readonly<Record<string, Json>> = {}): never {
  throw new RuleFailure(error, path, values)
}

/** E_RANGE at 10^20: only for operations whose operands can lead there. */
function rangeChecked(thunk: Thunk, node: CallNode): Thunk {
  const limit = powerOfTen(20 + scaleOf(node.type))
  return (frame) => {
    const value = thunk(frame)
    // Plain numbers stay below 10^16, far inside the range.
    if (typeof value === 'bigint' && (value >= limit || value <= -limit)) fail(ruleOutOfRange, node.path)
    return value
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

function compileVar(node: VarNode): Thunk {
  const { type, segments, part, name, local } = node
  if (part !== null) return compilePart(node, part)
  // What is bound has been read already; only fields of a group are still as they came.
  if (local !== null && segments.every((segment) => /^\d/.test(segment))) return compilePlace(local, segments)
  const read = readerOf(type)
  const wrong = (): never => {
    const expected = describeType(type)
    return fail(ruleInput, node.path, { name, expected: expected.en, expected_zh: expected.zh })
  }
  const { nullable } = type
  const finish = (raw: unknown): RuleValue => {
    if (raw === undefined || raw === null) return nullable ? null : wrong()
    const value = read(raw)
    return value === undefined ? wrong() : value
  }
  const find = compileLookup(node)
  return (frame) => finish(find(frame))
}

function compilePlace(local: number, segments: readonly string[]): Thunk {
  const places = segments.map(Number)
  if (places.length === 0) return (frame) => frame.locals[local] ?? null
  return (frame) => {
    let value = frame.locals[local] ?? null
    for (const place of places) value = Array.isArray(value) ? ((value[place] ?? null) as RuleValue) : null
    return value
  }
}

/** The raw value at the path: own properties only, nothing inherited. */
function compileLookup({ segments, local, path, name }: VarNode): (frame: Frame) => unknown {
  const [first, ...rest] = segments
  if (first === undefined) return (frame) => frame.whole
  const inContext = first.startsWith('$')
  // A name that every object inherits is looked up with care; all others cannot be found but as own properties.
  const own = (key: string): ((holder: Readonly<Record<string, unknown>>) => unknown) =>
    key in Object.prototype || key === 'length'
      ? (holder) => (Object.hasOwn(holder, key) ? holder[key] : undefined)
      : (holder) => holder[key]
  const step = own(first)
  const start: (frame: Frame) => unknown =
    local !== null
      ? (frame) => step((frame.locals[local] ?? {}) as Record<string, unknown>)
      : inContext
        ? (frame) => step(frame.context)
        : (frame) => step(frame.data)
  if (rest.length === 0) return start
  const steps = rest.map(own)
  return (frame) => {
    let value = start(frame)
    for (const next of steps) {
      if (value === null || value === undefined) return null
      // A reference given by its id alone: what lies behind it was not brought along.
      if (typeof value !== 'object')
        fail(ruleInput, path, { name, expected: 'a loaded record', expected_zh: '已载入的记录' })
      value = next(value as Record<string, unknown>)
    }
    return value
  }
}

function compilePart(node: VarNode, part: 'from' | 'to'): Thunk {
  const whole = compileVar({ ...node, part: null, type: { t: 'period', nullable: true } })
  return (frame) => {
    const value = whole(frame)
    if (value !== null) return (value as { from: string; to: string | null })[part]
    if (node.type.nullable) return null
    return fail(ruleInput, node.path, { name: node.name, expected: 'a period', expected_zh: '期间' })
  }
}
