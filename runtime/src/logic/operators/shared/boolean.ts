import type { SqlCall, SqlPiece } from '../../operator.ts'
import type { Thunk } from '../../value.ts'

/** Stops at the first condition whose value is `stop`. The usual small counts get closures of their own: no loop. */
export function shortCircuit(conditions: readonly Thunk[], stop: boolean): Thunk {
  const [a, b, c] = conditions
  if (a && conditions.length === 1) return a
  if (a && b && conditions.length === 2) {
    return stop ? (frame) => a(frame) === true || b(frame) : (frame) => a(frame) === true && b(frame)
  }
  if (a && b && c && conditions.length > 3) {
    const rest = shortCircuit(conditions.slice(3), stop)
    return stop
      ? (frame) => a(frame) === true || b(frame) === true || c(frame) === true || rest(frame)
      : (frame) => a(frame) === true && b(frame) === true && c(frame) === true && rest(frame)
  }
  return (frame) => {
    for (const condition of conditions) if (condition(frame) === stop) return stop
    return !stop
  }
}

/**
 * Operands that cannot fail are joined plainly, which keeps indexes in use. One that can (its SQL is then NULL) stands
 * in a CASE, so that it decides exactly where the evaluator would have come to it.
 */
export function conjunctionSql(call: SqlCall, word: 'AND' | 'OR'): SqlPiece {
  const fails = call.args.some((piece) => piece.fails)
  if (!fails)
    return { text: `(${call.args.map((piece) => piece.text).join(` ${word} `)})`, fails, simple: false }
  const [last, ...before] = [...call.args].reverse()
  const text = before.reduce(
    (rest, piece) =>
      !piece.fails
        ? `(${piece.text} ${word} ${rest})`
        : word === 'AND'
          ? `(CASE ${piece.text} WHEN TRUE THEN ${rest} WHEN FALSE THEN FALSE END)`
          : `(CASE ${piece.text} WHEN TRUE THEN TRUE WHEN FALSE THEN ${rest} END)`,
    last!.text,
  )
  return { text, fails, simple: false }
}
