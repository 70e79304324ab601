import { ruleDate } from '../../errors/logic.ts'
import { defineOperator } from '../operator.ts'
import { period as periodType } from '../rule-type.ts'
import { every, requireDate } from './shared/typing.ts'

export const period = defineOperator({
  name: 'period',
  level: 'V',
  group: 'date',
  title: { en: 'period', zh: '期间' },
  describe: {
    en: 'The days from the first date up to, but not including, the second.',
    zh: '从第一个日期起、到第二个日期之前(不含)的各天。',
  },
  args: [
    { name: 'from', title: { en: 'first day', zh: '首日' }, kind: 'value' },
    { name: 'to', title: { en: 'first day after', zh: '结束后首日' }, kind: 'value' },
  ],
  type: (call) => (every(call, (i) => requireDate(call, i)) ? periodType : null),
  evaluate: (call) => {
    const [first, after] = [call.arg(0), call.arg(1)]
    return (frame) => {
      const from = first(frame) as string
      const to = after(frame) as string
      return from < to ? { from, to } : call.fail(ruleDate)
    }
  },
  sql: (call) => ({
    text: call.once(call.args, (a, b) => `(CASE WHEN ${a} < ${b} THEN daterange(${a}, ${b}, '[)') END)`),
    fails: true,
    simple: false,
  }),
  explain: { en: 'from {0} until before {1}', zh: '自 {0} 起,至 {1} 前' },
})
