import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { membership } from './shared/membership.ts'

export const isIn = defineOperator({
  name: 'in',
  level: 'C',
  group: 'compare',
  title: { en: 'is one of', zh: '属于' },
  describe: {
    en: 'True when the value is an entry of a list, a text is part of another, a date lies in a period.',
    zh: '值在列表之中、文本是另一文本的一部分、日期在期间之内时为真。',
  },
  formula: { infix: { symbol: { en: 'IN', zh: '属于' }, binds: 3 } },
  args: [
    { name: 'part', title: { en: 'value', zh: '值' }, kind: 'value' },
    { name: 'whole', title: { en: 'list, text or period', zh: '列表、文本或期间' }, kind: 'value' },
  ],
  type: (call) => (membership.check(call, 0, 1) ? bool : null),
  evaluate: (call) => membership.evaluate(call, 0, 1),
  sql: (call) => membership.sql(call, 0, 1),
  explain: { en: '{0} is one of {1}: {out}', zh: '{0} 属于 {1}:{out}' },
})
