import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { lenient } from '../scope.ts'
import { okOf } from './shared/sql.ts'

export const exists = defineOperator({
  name: 'exists',
  level: 'C',
  group: 'compare',
  title: { en: 'has a value', zh: '有值' },
  describe: {
    en: 'True when the value is there; an empty text or list is a value too.',
    zh: '值存在时为真;空文本和空列表也算有值。',
  },
  args: [{ name: 'value', title: { en: 'value', zh: '值' }, kind: 'value' }],
  type: (call) => {
    call.args[0] = lenient(call.args[0]!)
    return bool
  },
  evaluate: (call) => {
    const value = call.arg(0)
    return (frame) => value(frame) !== null
  },
  sql: (call) => {
    const piece = call.args[0]!
    const text = `(${piece.text} IS NOT NULL)`
    return piece.fails
      ? {
          text: `(CASE WHEN ${okOf(piece, call.node.args[0]!.type.nullable)} THEN ${text} END)`,
          fails: true,
          simple: false,
        }
      : { text, fails: false, simple: false }
  },
  explain: { en: '{0} has a value: {out}', zh: '{0} 有值:{out}' },
})
