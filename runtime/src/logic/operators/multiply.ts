import { defineOperator } from '../operator.ts'
import { scaleOf } from '../rule-type.ts'
import { chain, joinSql, multiplyConstant, multiplyPair, numericResult } from './shared/arithmetic.ts'
import { requireNumbers, requireScale } from './shared/typing.ts'

export const multiply = defineOperator({
  name: '*',
  level: 'V',
  group: 'number',
  title: { en: 'times', zh: '乘' },
  describe: {
    en: 'The exact product of numbers; its places are those of all operands together.',
    zh: '数字的精确乘积;小数位数为各操作数之和。',
  },
  formula: { infix: { symbol: { en: '*', zh: '*' }, binds: 6 } },
  args: [{ name: 'numbers', title: { en: 'number', zh: '数字' }, kind: 'value', rest: 1 }],
  type: (call) => {
    if (!requireNumbers(call)) return null
    const scale = call.args.reduce((sum, node) => sum + scaleOf(node.type), 0)
    return requireScale(call, scale) ? numericResult(call, scale) : null
  },
  digits: (args) => args.reduce((sum, node) => sum + node.digits, 0),
  checksRange: true,
  evaluate: (call) => chain(call, undefined, multiplyPair, multiplyConstant),
  sql: (call) => joinSql(call, '*'),
  explain: { en: '{args*} = {out}', zh: '{args*} = {out}' },
})
