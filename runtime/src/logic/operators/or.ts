import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { conjunctionSql, shortCircuit } from './shared/boolean.ts'
import { every, requireTest } from './shared/typing.ts'

export const or = defineOperator({
  name: 'or',
  level: 'C',
  group: 'logic',
  title: { en: 'or', zh: '或' },
  describe: {
    en: 'True when at least one condition holds. Stops at the first that does.',
    zh: '至少一个条件成立时为真;遇到第一个成立的即停止。',
  },
  formula: { infix: { symbol: { en: 'OR', zh: '或' }, binds: 1 } },
  args: [{ name: 'conditions', title: { en: 'condition', zh: '条件' }, kind: 'value', rest: 1 }],
  lazy: true,
  listed: true,
  skipped: { en: 'an earlier condition holds', zh: '前面的条件已成立' },
  type: (call) => (every(call, (i) => requireTest(call, i)) ? bool : null),
  evaluate: (call) => shortCircuit(call.args(), true),
  sql: (call) => conjunctionSql(call, 'OR'),
  explain: { en: 'one of ({args}): {out}', zh: '满足其一({args}):{out}' },
})
