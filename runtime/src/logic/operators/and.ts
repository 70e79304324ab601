import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { conjunctionSql, shortCircuit } from './shared/boolean.ts'
import { every, requireTest } from './shared/typing.ts'

export const and = defineOperator({
  name: 'and',
  level: 'C',
  group: 'logic',
  title: { en: 'and', zh: '且' },
  describe: {
    en: 'True when all conditions hold. Stops at the first that does not.',
    zh: '所有条件成立时为真;遇到第一个不成立的即停止。',
  },
  formula: { infix: { symbol: { en: 'AND', zh: '且' }, binds: 2 } },
  args: [{ name: 'conditions', title: { en: 'condition', zh: '条件' }, kind: 'value', rest: 1 }],
  lazy: true,
  listed: true,
  skipped: { en: 'an earlier condition does not hold', zh: '前面的条件已不成立' },
  type: (call) => (every(call, (i) => requireTest(call, i)) ? bool : null),
  evaluate: (call) => shortCircuit(call.args(), false),
  sql: (call) => conjunctionSql(call, 'AND'),
  explain: { en: 'all of ({args}): {out}', zh: '同时满足({args}):{out}' },
})
