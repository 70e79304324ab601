import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { membership } from './shared/membership.ts'

export const contains = defineOperator({
  name: 'contains',
  level: 'C',
  group: 'text',
  title: { en: 'contains', zh: '包含' },
  describe: {
    en: 'True when a text holds another text, a list an entry, a period a date. "in" with the operands the other way round.',
    zh: '文本包含另一文本、列表包含某项、期间包含某日期时为真;与 "in" 的操作数顺序相反。',
  },
  formula: { infix: { symbol: { en: 'CONTAINS', zh: '包含' }, binds: 3 } },
  args: [
    { name: 'whole', title: { en: 'text, list or period', zh: '文本、列表或期间' }, kind: 'value' },
    { name: 'part', title: { en: 'part', zh: '部分' }, kind: 'value' },
  ],
  type: (call) => (membership.check(call, 1, 0) ? bool : null),
  evaluate: (call) => membership.evaluate(call, 1, 0),
  sql: (call) => membership.sql(call, 1, 0),
  explain: { en: '{0} contains {1}: {out}', zh: '{0} 包含 {1}:{out}' },
})
