import { defineOperator } from '../operator.ts'
import { division } from './shared/division.ts'

/** Places of a plain division; `div` chooses its own. */
const places = 10

export const divide = defineOperator({
  name: '/',
  level: 'V',
  group: 'number',
  title: { en: 'divided by', zh: '除以' },
  describe: {
    en: 'The quotient to 10 places, half up. "div" lets you choose. Division by zero is an error.',
    zh: '商保留 10 位小数,四舍五入;"div" 可自选位数。除数为零时报错。',
  },
  formula: { infix: { symbol: { en: '/', zh: '/' }, binds: 6 } },
  args: [
    { name: 'dividend', title: { en: 'number', zh: '被除数' }, kind: 'value' },
    { name: 'divisor', title: { en: 'divisor', zh: '除数' }, kind: 'value' },
  ],
  type: (call) => division.type(call, places),
  digits: division.digits,
  evaluate: (call) => division.evaluate(call, places, 'half_up'),
  sql: (call) => division.sql(call, places, 'half_up'),
  explain: { en: '{0} ÷ {1} = {out}', zh: '{0} ÷ {1} = {out}' },
})
