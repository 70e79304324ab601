import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { strict } from './shared/sql.ts'
import { requireTest } from './shared/typing.ts'

export const not = defineOperator({
  name: '!',
  level: 'C',
  group: 'logic',
  title: { en: 'not', zh: '非' },
  describe: { en: 'True when the condition does not hold.', zh: '条件不成立时为真。' },
  formula: { name: { en: 'NOT', zh: '非' } },
  args: [{ name: 'condition', title: { en: 'condition', zh: '条件' }, kind: 'value' }],
  type: (call) => (requireTest(call, 0) ? bool : null),
  evaluate: (call) => {
    const condition = call.arg(0)
    return (frame) => condition(frame) !== true
  },
  sql: (call) => strict(`(NOT ${call.args[0]!.text})`, call.args),
  explain: { en: 'not {0}: {out}', zh: '非 {0}:{out}' },
})
