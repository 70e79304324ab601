import type { Text } from '../../../text.ts'
import { type CheckCall, defineOperator, type Operator, type SqlCall, type SqlPiece } from '../../operator.ts'
import { bool, isNumeric } from '../../rule-type.ts'
import type { PeriodValue, RuleValue, Thunk } from '../../value.ts'
import { commonScale, compareSql } from './comparison.ts'
import { equalField } from './field-tests.ts'
import { okOf, strict } from './sql.ts'
import { requireComparable } from './typing.ts'

/** Equality of two values of one kind at one scale; empty equals empty. */
export function isEqual(a: RuleValue, b: RuleValue): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [x, y] = [a as PeriodValue, b as PeriodValue]
  return x.from === y.from && x.to === y.to
}

/**
 * Two-valued equality in SQL. A column that may be empty meets a value that never is as `x IS NOT NULL AND x = y`:
 * the same truth as IS NOT DISTINCT FROM, and an index on x still serves.
 */
export function equalSql(call: SqlCall, a: number, b: number): SqlPiece {
  const [x, y] = [call.args[a]!, call.args[b]!]
  const [left, right] = [call.node.args[a]!, call.node.args[b]!]
  const plain = compareSql(call, a, '=', b)
  if (left.type.t === 'null' || right.type.t === 'null') {
    const other = left.type.t === 'null' ? { piece: y, node: right } : { piece: x, node: left }
    const text = `(${other.piece.text} IS NULL)`
    return other.piece.fails
      ? {
          text: `(CASE WHEN ${okOf(other.piece, other.node.type.nullable)} THEN ${text} END)`,
          fails: true,
          simple: false,
        }
      : { text, fails: false, simple: false }
  }
  if (!left.type.nullable && !right.type.nullable) return strict(`(${plain})`, [x, y])
  const nullSafe = compareSql(call, a, 'IS NOT DISTINCT FROM', b)
  if (x.fails || y.fails) {
    const ok = [
      x.fails ? okOf(x, left.type.nullable) : null,
      y.fails ? okOf(y, right.type.nullable) : null,
    ].filter((part) => part !== null)
    return { text: `(CASE WHEN ${ok.join(' AND ')} THEN (${nullSafe}) END)`, fails: true, simple: false }
  }
  const one =
    left.type.nullable && !right.type.nullable ? x : right.type.nullable && !left.type.nullable ? y : null
  const text = one?.simple ? `(${one.text} IS NOT NULL AND ${plain})` : `(${nullSafe})`
  return { text, fails: false, simple: false }
}

/** `==` and `!=`. */
export function defineEquality(
  name: '==' | '!=',
  alias: '===' | '!==',
  words: { title: Text; describe: Text; explain: Text },
): Operator {
  const positive = name === '=='
  return defineOperator({
    name,
    aliases: [alias],
    level: 'C',
    group: 'compare',
    title: words.title,
    describe: words.describe,
    formula: { infix: { symbol: positive ? { en: '=', zh: '=' } : { en: '<>', zh: '<>' }, binds: 3 } },
    args: [
      { name: 'left', title: { en: 'left', zh: '左' }, kind: 'value' },
      { name: 'right', title: { en: 'right', zh: '右' }, kind: 'value' },
    ],
    type: (call: CheckCall) => (requireComparable(call, 0, 1) ? bool : null),
    evaluate: (call): Thunk => {
      const scale = commonScale(call.node.args)
      const numeric = call.node.args.some((node) => isNumeric(node.type))
      const period = call.node.args.some((node) => node.type.t === 'period')
      const literal = call.constant(1)
      const field = call.field(0)
      if (field && literal !== undefined) {
        const quick = equalField(field, call.node.args[0]!, literal, positive)
        if (quick) return quick
      }
      const [left, right] = [
        call.arg(0, numeric ? scale : undefined),
        call.arg(1, numeric ? scale : undefined),
      ]
      const constant = call.constant(1, numeric ? scale : undefined)
      if (period) return (frame) => isEqual(left(frame), right(frame)) === positive
      if (constant !== undefined) {
        return positive ? (frame) => left(frame) === constant : (frame) => left(frame) !== constant
      }
      return positive ? (frame) => left(frame) === right(frame) : (frame) => left(frame) !== right(frame)
    },
    sql: (call) => {
      const equal = equalSql(call, 0, 1)
      return positive ? equal : { ...equal, text: `(NOT ${equal.text})` }
    },
    explain: words.explain,
  })
}
