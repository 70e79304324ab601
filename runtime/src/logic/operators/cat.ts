import { ruleRunLimit } from '../../errors/logic.ts'
import { limits } from '../limits.ts'
import { defineOperator, type SqlCall, type SqlPiece } from '../operator.ts'
import { isNumeric, scaleOf, str } from '../rule-type.ts'
import { formatUnitsTrimmed, type Units } from '../scaled.ts'
import type { Thunk } from '../value.ts'
import { countCharacters } from './shared/text.ts'
import { every, requireKind } from './shared/typing.ts'

function catSql(call: SqlCall): SqlPiece {
  const pieces = call.args.map((piece, i) => {
    const { type } = call.node.args[i]!
    // The shortest writing of a number and the ISO writing of a date, whatever the session's DateStyle.
    const text = isNumeric(type)
      ? `trim_scale(${call.numeric(i).text})::text`
      : type.t === 'date'
        ? `to_char(${piece.text}, 'YYYY-MM-DD')`
        : piece.text
    return { ...piece, text }
  })
  const joined = { text: `(${pieces.map((piece) => piece.text).join(' || ')})`, fails: true, simple: false }
  return {
    text: call.once([joined], (x) => `(CASE WHEN char_length(${x}) <= ${limits.text} THEN ${x} END)`),
    fails: true,
    simple: false,
  }
}

export const cat = defineOperator({
  name: 'cat',
  level: 'V',
  group: 'text',
  title: { en: 'join texts', zh: '连接文本' },
  describe: { en: 'Texts, numbers and dates one after the other.', zh: '将文本、数字、日期依次连接。' },
  formula: { infix: { symbol: { en: '&', zh: '&' }, binds: 4 } },
  args: [{ name: 'parts', title: { en: 'text', zh: '文本' }, kind: 'value', rest: 1 }],
  type: (call) =>
    every(call, (i) =>
      requireKind(call, i, ['str', 'int', 'dec', 'date'], {
        en: 'a text, a number or a date',
        zh: '文本、数字或日期',
      }),
    )
      ? str
      : null,
  evaluate: (call) => {
    const parts = call.node.args.map((node, i): Thunk => {
      const value = call.arg(i)
      if (!isNumeric(node.type)) return value
      const scale = scaleOf(node.type)
      return (frame) => formatUnitsTrimmed(value(frame) as Units, scale)
    })
    return (frame) => {
      let text = ''
      for (const part of parts) {
        text += part(frame) as string
        if (text.length > limits.text && countCharacters(text) > limits.text) {
          call.fail(ruleRunLimit, { what: 'a text', what_zh: '文本长度', limit: limits.text })
        }
      }
      return text
    }
  },
  sql: catSql,
  explain: { en: 'joined: {out}', zh: '连接得到:{out}' },
})
