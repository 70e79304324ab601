import { defineOperator, type SqlPiece } from '../operator.ts'
import { bool, isNumeric } from '../rule-type.ts'
import { lenient } from '../scope.ts'
import type { RuleValue } from '../value.ts'
import { okOf } from './shared/sql.ts'
import { reportType } from './shared/typing.ts'

/** What JSON-logic takes for true: all but null, false, 0, the empty text and the empty list. */
function isTruthy(value: RuleValue): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== null && value !== false && value !== 0 && value !== ''
}

export const toBool = defineOperator({
  name: '!!',
  level: 'C',
  group: 'logic',
  title: { en: 'says something', zh: '有内容' },
  describe: {
    en: 'True for a yes, a number other than 0, a text or list that is not empty, any date; false when empty.',
    zh: '“是”、非零数字、非空文本或列表、任何日期为真;为空时为假。',
  },
  formula: { name: { en: 'NOTBLANK', zh: '有内容' } },
  args: [{ name: 'value', title: { en: 'value', zh: '值' }, kind: 'value' }],
  type: (call) => {
    const [value] = call.args
    if (value?.type.t === 'obj') {
      // Engines do not agree on groups without fields.
      reportType(call, value, {
        en: 'a value; of a group of fields ask "exists"',
        zh: '单个值;对一组字段请用 "exists"',
      })
      return null
    }
    call.args[0] = lenient(call.args[0]!)
    return bool
  },
  evaluate: (call) => {
    const value = call.arg(0)
    return (frame) => isTruthy(value(frame))
  },
  sql: (call): SqlPiece => {
    const { type } = call.node.args[0]!
    const piece = call.args[0]!
    if (type.t === 'null') return { text: 'FALSE', fails: false, simple: true }
    if (type.t === 'list') {
      const rows = call.rows(0)
      const where = rows.where === null ? '' : ` WHERE ${rows.where}`
      const text = `EXISTS (SELECT 1 FROM ${rows.from}${where})`
      return rows.ok === null
        ? { text, fails: false, simple: false }
        : { text: `(CASE WHEN ${rows.ok} THEN ${text} END)`, fails: true, simple: false }
    }
    const there = `${piece.text} IS NOT NULL`
    const test =
      type.t === 'bool'
        ? piece.text
        : isNumeric(type)
          ? `${piece.text} <> 0`
          : type.t === 'str'
            ? `${piece.text} <> ''`
            : null
    const text = test === null ? `(${there})` : type.nullable ? `(${there} AND ${test})` : `(${test})`
    return piece.fails
      ? { text: `(CASE WHEN ${okOf(piece, type.nullable)} THEN ${text} END)`, fails: true, simple: false }
      : { text, fails: false, simple: false }
  },
  explain: { en: '{0} says something: {out}', zh: '{0} 有内容:{out}' },
})
