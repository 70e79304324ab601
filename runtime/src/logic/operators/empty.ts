import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { lenient } from '../scope.ts'
import { okOf } from './shared/sql.ts'

export const empty = defineOperator({
  name: 'empty',
  level: 'C',
  group: 'compare',
  title: { en: 'is empty', zh: '为空' },
  describe: {
    en: 'True when there is no value, or an empty text or list.',
    zh: '没有值、文本为空或列表为空时为真。',
  },
  args: [{ name: 'value', title: { en: 'value', zh: '值' }, kind: 'value' }],
  type: (call) => {
    call.args[0] = lenient(call.args[0]!)
    return bool
  },
  evaluate: (call) => {
    const value = call.arg(0)
    return (frame) => {
      const found = value(frame)
      return found === null || found === '' || (Array.isArray(found) && found.length === 0)
    }
  },
  sql: (call) => {
    const piece = call.args[0]!
    const { type } = call.node.args[0]!
    const text =
      type.t === 'str'
        ? `(COALESCE(${piece.text}, '') = '')`
        : type.t === 'list'
          ? `(COALESCE(cardinality(${piece.text}), 0) = 0)`
          : `(${piece.text} IS NULL)`
    return piece.fails
      ? { text: `(CASE WHEN ${okOf(piece, type.nullable)} THEN ${text} END)`, fails: true, simple: false }
      : { text, fails: false, simple: false }
  },
  explain: { en: '{0} is empty: {out}', zh: '{0} 为空:{out}' },
})
