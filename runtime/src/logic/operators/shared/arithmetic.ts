import type { CheckCall, EvaluateCall, SqlCall, SqlPiece } from '../../operator.ts'
import { isNumeric, scaleOf } from '../../rule-type.ts'
import type { Units } from '../../scaled.ts'
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
  const [a, b, ...rest] = sides
  if (a && !b) return a
  if (a && b && rest.length === 0) {
    const constant = call.constant(1, scale) as Units | undefined
    return constant === undefined ? (frame) => step(a(frame), b(frame)) : (frame) => step(a(frame), constant)
  }
  return (frame) => {
    let value = a!(frame)
    for (let i = 1; i < sides.length; i++) value = step(value, sides[i]!(frame))
    return value
  }
}

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
