import type { CheckCall, EvaluateCall, SqlCall, SqlPiece } from '../../operator.ts'
import { isNumeric, scaleOf } from '../../rule-type.ts'
import { addUnits, multiplyUnits, subtractUnits, type Units } from '../../scaled.ts'
import type { RuleType } from '../../types.ts'
import type { Frame, Thunk } from '../../value.ts'
import { strict } from './sql.ts'
import { requireNumbers } from './typing.ts'

/** A compiled numeric operand that is never empty. */
export type UnitsSide = (frame: Frame) => Units

/** int when every operand is one, else a decimal of `scale`. */
export function numericResult(call: CheckCall, scale: number): RuleType {
  return call.args.every((node) => node.type.t === 'int') && scale === 0
    ? { t: 'int', nullable: false }
    : { t: 'dec', nullable: false, scale }
}

/** Type of an operation whose result has the greatest scale of its operands. */
export function widestNumber(call: CheckCall): RuleType | null {
  if (!requireNumbers(call)) return null
  return numericResult(call, Math.max(0, ...call.args.map((node) => scaleOf(node.type))))
}

/** Folds the operands with one step, each brought to the scale of the result. */
export function fold(call: EvaluateCall, step: (a: Units, b: Units) => Units): Thunk {
  const scale = scaleOf(call.node.type)
  const sides = call.args(scale) as UnitsSide[]
  const [a, b] = sides
  if (a && !b) return a
  if (a && b && sides.length === 2) return (frame) => step(a(frame), b(frame))
  return (frame) => {
    let value = a!(frame)
    for (let i = 1; i < sides.length; i++) value = step(value, sides[i]!(frame))
    return value
  }
}

const safe = Number.MAX_SAFE_INTEGER

type Pair = (a: UnitsSide, b: UnitsSide, check: (value: Units) => Units) => UnitsSide
type WithConstant = (a: UnitsSide, b: number, check: (value: Units) => Units) => UnitsSide

// One closure for each sign, with plain numbers in the open: the way nearly all amounts go. What leaves the safe
// integers is computed again exactly, and tested for the range; nothing else can be near it.

export const addPair: Pair = (a, b, check) => (frame) => {
  const [x, y] = [a(frame), b(frame)]
  if (typeof x === 'number' && typeof y === 'number') {
    const sum = x + y
    if (sum <= safe && sum >= -safe) return sum
  }
  return check(addUnits(x, y))
}

export const addConstant: WithConstant = (a, b, check) => (frame) => {
  const x = a(frame)
  if (typeof x === 'number') {
    const sum = x + b
    if (sum <= safe && sum >= -safe) return sum
  }
  return check(addUnits(x, b))
}

export const subtractPair: Pair = (a, b, check) => (frame) => {
  const [x, y] = [a(frame), b(frame)]
  if (typeof x === 'number' && typeof y === 'number') {
    const difference = x - y
    if (difference <= safe && difference >= -safe) return difference
  }
  return check(subtractUnits(x, y))
}

export const multiplyPair: Pair = (a, b, check) => (frame) => {
  const [x, y] = [a(frame), b(frame)]
  if (typeof x === 'number' && typeof y === 'number') {
    const product = x * y
    // `+ 0` turns -0 into 0, which Object.is and JSON would tell apart.
    if (product <= safe && product >= -safe) return product + 0
  }
  return check(multiplyUnits(x, y))
}

export const multiplyConstant: WithConstant = (a, b, check) => (frame) => {
  const x = a(frame)
  if (typeof x === 'number') {
    const product = x * b
    if (product <= safe && product >= -safe) return product + 0
  }
  return check(multiplyUnits(x, b))
}

/**
 * Operands two by two, from the left; a plain literal beside another operand is built in. Only the last result is
 * tested for the range, as SQL does it: what lies between may pass it and come back.
 */
export function chain(
  call: EvaluateCall,
  scale: number | undefined,
  pair: Pair,
  constant: WithConstant,
): Thunk {
  const sides = call.args(scale) as UnitsSide[]
  const last = sides.length - 1
  return sides.slice(1).reduce<UnitsSide>((left, right, at) => {
    const check = at + 1 === last ? call.check : unchecked
    const value = call.constant(at + 1, scale)
    if (typeof value === 'number') return constant(left, value, check)
    const first = at === 0 ? call.constant(0, scale) : undefined
    // The order of two operands changes nothing where a literal may be built in.
    return typeof first === 'number' ? constant(right, first, check) : pair(left, right, check)
  }, sides[0]!)
}

const unchecked = (value: Units) => value

/** `(a + b + …)` over numeric operands. */
export function joinSql(call: SqlCall, symbol: string): SqlPiece {
  const pieces = call.args.map((_, i) => call.numeric(i))
  return strict(`(${pieces.map((piece) => piece.text).join(` ${symbol} `)})`, pieces)
}

/** LEAST and GREATEST pass over NULL, so an operand that failed is tested first. */
export function extremeSql(call: SqlCall, name: 'LEAST' | 'GREATEST'): SqlPiece {
  const numeric = isNumeric(call.node.type)
  const pieces = call.args.map((piece, i) => (numeric ? call.numeric(i) : piece))
  const list = (names: readonly string[]) => `${name}(${names.join(', ')})`
  const fallible = pieces.map((piece, i) => (piece.fails ? i : -1)).filter((i) => i >= 0)
  if (fallible.length === 0) return strict(list(pieces.map((piece) => piece.text)), pieces)
  const text = call.once(
    pieces,
    (...names) =>
      `(CASE WHEN ${fallible.map((i) => `${names[i]} IS NOT NULL`).join(' AND ')} THEN ${list(names)} END)`,
  )
  return { text, fails: true, simple: false }
}
