import { defineOperator } from '../operator.ts'
import { bool } from '../rule-type.ts'
import { betweenSafe, commonScale, compareSql, requireOrdered, type Side } from './shared/comparison.ts'

export const between = defineOperator({
  name: 'between',
  level: 'C',
  group: 'compare',
  title: { en: 'between', zh: '介于' },
  describe: {
    en: 'True when the value lies between two others, both included.',
    zh: '值介于两者之间(含两端)时为真。',
  },
  args: [
    { name: 'value', title: { en: 'value', zh: '值' }, kind: 'value' },
    { name: 'from', title: { en: 'from', zh: '下界' }, kind: 'value' },
    { name: 'to', title: { en: 'to', zh: '上界' }, kind: 'value' },
  ],
  type: (call) => (requireOrdered(call) ? bool : null),
  evaluate: (call) => {
    const [value, from, to] = call.args(commonScale(call.node.args)) as [Side, Side, Side]
    return (frame) => {
      const [x, low, high] = [value(frame), from(frame), to(frame)]
      return x >= low && x <= high
    }
  },
  sql: (call) => betweenSafe(call, `(${compareSql(call, 0, '>=', 1)} AND ${compareSql(call, 0, '<=', 2)})`),
  explain: { en: '{1} ≤ {0} ≤ {2}: {out}', zh: '{1} ≤ {0} ≤ {2}:{out}' },
})
