import { ruleInput } from '../errors/logic.ts'
import type { VarNode } from './ir.ts'
import { readerOf } from './read-value.ts'
import { describeType, isNumeric, scaleOf } from './rule-type.ts'
import { powerOfTen } from './scaled.ts'
import { digitsOf } from './scope.ts'
import { type Frame, RuleFailure, type RuleValue, type Thunk } from './value.ts'

/**
 * A field at the top of the data, read by its key alone: what nearly all rules compare. Operators build the reading
 * into their own closure, which saves a call where calls are most of the work.
 */
export interface PlainField {
  readonly key: string
  /** Reads and checks whatever the quick way does not take. Throws RuleFailure. */
  readonly slow: (raw: unknown) => RuleValue
  /** Where the frame keeps the value once read, for fields that the rule reads more than once; null for others. */
  readonly memo: number | null
}

/** The field of a node that is one and never empty; null for all others. */
export function plainField(node: VarNode, memo: number | null): PlainField | null {
  const [key] = node.segments
  if (node.local !== null || node.part !== null || node.segments.length !== 1 || node.type.nullable)
    return null
  if (key === undefined || key.startsWith('$') || isInherited(key)) return null
  return { key, slow: finisher(node), memo }
}

/** The value of a path. `memo`: where the frame keeps it, if anywhere. */
export function compileVar(node: VarNode, memo: number | null = null): Thunk {
  const { segments, part, local } = node
  if (part !== null) return compilePart(node, part)
  // What is bound has been read already; only fields of a group are still as they came.
  if (local !== null && segments.every((segment) => /^\d/.test(segment))) return compilePlace(local, segments)
  const field = plainField(node, memo)
  const quick = isNumeric(node.type) ? quickNumber(node) : null
  if (field && node.type.t === 'bool') return readBool(field)
  if (field && quick) return memo === null ? readField(field.key, quick) : keptField(field.key, quick, memo)
  const find = compileLookup(node)
  const finish = quick ?? finisher(node)
  return (frame) => finish(find(frame))
}

function readBool({ key, slow }: PlainField): Thunk {
  return (frame) => {
    const raw = frame.data[key]
    return typeof raw === 'boolean' ? raw : slow(raw)
  }
}

function readField(key: string, quick: (raw: unknown) => RuleValue): Thunk {
  return (frame) => quick(frame.data[key])
}

function keptField(key: string, quick: (raw: unknown) => RuleValue, memo: number): Thunk {
  return (frame) => {
    const kept = frame.memo[memo]
    if (kept !== undefined) return kept
    const value = quick(frame.data[key])
    frame.memo[memo] = value
    return value
  }
}

/** Numbers as they come in JSON take a way of their own; texts and strange values the other. */
function quickNumber(node: VarNode): (raw: unknown) => RuleValue {
  const slow = finisher(node)
  const { power, limit } = numberLimits(node)
  return (raw) => {
    if (typeof raw === 'number') {
      const units = Math.round(raw * power)
      if (units < limit && units > -limit && units / power === raw) return units + 0
    }
    return slow(raw)
  }
}

/** What a JSON number must meet to be units at once: `units / power` is the number again, and below `limit`. */
export function numberLimits({ type }: Pick<VarNode, 'type'>): {
  readonly power: number
  readonly limit: number
} {
  const scale = scaleOf(type)
  const bound = powerOfTen(digitsOf(type) + scale)
  return { power: 10 ** Math.min(scale, 22), limit: bound > 10n ** 15n ? 1e15 : Number(bound) }
}

/** From what stands at the path to a value of the type. Throws RuleFailure for all else. */
function finisher(node: VarNode): (raw: unknown) => RuleValue {
  const { type, name, path } = node
  const { nullable } = type
  const read = readerOf(type)
  const wrong = (): never => {
    const expected = describeType(type)
    throw new RuleFailure(ruleInput, path, { name, expected: expected.en, expected_zh: expected.zh })
  }
  return (raw) => {
    if (raw === undefined || raw === null) return nullable ? null : wrong()
    const value = read(raw)
    return value === undefined ? wrong() : value
  }
}

function compilePlace(local: number, segments: readonly string[]): Thunk {
  const places = segments.map(Number)
  if (places.length === 0) return (frame) => frame.locals[local] as RuleValue
  return (frame) => {
    let value = frame.locals[local] ?? null
    for (const place of places) value = Array.isArray(value) ? ((value[place] ?? null) as RuleValue) : null
    return value
  }
}

/** A name that every object has, or every text: not found by asking for it. */
function isInherited(key: string): boolean {
  return key in Object.prototype || key === 'length'
}

/** The raw value at the path: own properties only, nothing inherited. */
function compileLookup({ segments, local, path, name }: VarNode): (frame: Frame) => unknown {
  const [first, ...rest] = segments
  if (first === undefined) return (frame) => frame.whole
  const inContext = first.startsWith('$')
  // A name that every object inherits is looked up with care; all others cannot be found but as own properties.
  const own = (key: string): ((holder: Readonly<Record<string, unknown>>) => unknown) =>
    isInherited(key)
      ? (holder) => (Object.hasOwn(holder, key) ? holder[key] : undefined)
      : (holder) => holder[key]
  const step = own(first)
  const start: (frame: Frame) => unknown =
    local !== null
      ? (frame) => step((frame.locals[local] ?? {}) as Record<string, unknown>)
      : inContext
        ? (frame) => step(frame.context)
        : (frame) => step(frame.data)
  if (rest.length === 0) {
    if (local !== null && !isInherited(first))
      return (frame) => (frame.locals[local] as Record<string, unknown> | null)?.[first]
    return start
  }
  const steps = rest.map(own)
  return (frame) => {
    let value = start(frame)
    for (const next of steps) {
      if (value === null || value === undefined) return null
      // A reference given by its id alone: what lies behind it was not brought along.
      if (typeof value !== 'object')
        throw new RuleFailure(ruleInput, path, {
          name,
          expected: 'a loaded record',
          expected_zh: '已载入的记录',
        })
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
    throw new RuleFailure(ruleInput, node.path, {
      name: node.name,
      expected: 'a period',
      expected_zh: '期间',
    })
  }
}
