import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { isNumeric, withNullable } from '../rule-type.ts'
import { lenient } from '../scope.ts'
import type { Thunk } from '../value.ts'
import { okOf } from './shared/sql.ts'
import { unify } from './shared/typing.ts'

function coalesceSql(call: SqlCall): SqlPiece {
  const numeric = isNumeric(call.node.type)
  const pieces = call.args.map((piece, i) => (numeric ? call.numeric(i) : piece))
  const plain = `COALESCE(${pieces.map((piece) => piece.text).join(', ')})`
  if (!pieces.some((piece) => piece.fails)) return { text: plain, fails: false, simple: false }
  // A value that failed is NULL too: it must not be taken for an empty one.
  const nullable = (i: number) => call.node.args[i]!.type.nullable
  const [last, ...before] = pieces.map((piece, i) => ({ piece, i })).reverse()
  const text = before.reduce(
    (rest, { piece, i }) =>
      piece.fails
        ? `(CASE WHEN ${okOf(piece, nullable(i))} THEN COALESCE(${piece.text}, ${rest}) END)`
        : `COALESCE(${piece.text}, ${rest})`,
    last!.piece.text,
  )
  const ok = before.reduce(
    (rest, { piece, i }) => `(${okOf(piece, nullable(i))} AND (${piece.text} IS NOT NULL OR ${rest}))`,
    okOf(last!.piece, nullable(last!.i)),
  )
  return { text, fails: true, ok, simple: false }
}

export const coalesce = defineOperator({
  name: '??',
  // A condition over a field that may be empty needs it: level C, though it gives a value.
  level: 'C',
  group: 'value',
  title: { en: 'when empty', zh: '为空时' },
  describe: { en: 'The first operand that has a value.', zh: '第一个有值的操作数。' },
  formula: { infix: { symbol: { en: '??', zh: '??' }, binds: 8 } },
  args: [{ name: 'values', title: { en: 'value', zh: '值' }, kind: 'value', rest: 1 }],
  lazy: true,
  skipped: { en: 'an earlier value is there', zh: '前面已有值' },
  type: (call) => {
    call.args.forEach((node, i) => {
      if (i < call.args.length - 1) call.args[i] = lenient(node)
    })
    const type = unify(
      call,
      call.args.map((_, i) => i),
    )
    // One operand that always has a value is enough.
    return (
      type &&
      withNullable(
        type,
        call.args.every((node) => node.type.nullable),
      )
    )
  },
  evaluate: (call) => {
    const [last, ...before] = call.node.args.map((_, i) => call.as(i, call.node.type)).reverse()
    return before.reduce<Thunk>((rest, value) => (frame) => value(frame) ?? rest(frame), last!)
  },
  sql: coalesceSql,
  explain: { en: 'the first that has a value: {out}', zh: '第一个有值的:{out}' },
})
