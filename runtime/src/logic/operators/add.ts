import { defineOperator } from '../operator.ts'
import { scaleOf } from '../rule-type.ts'
import { addConstant, addPair, chain, joinSql, widestNumber } from './shared/arithmetic.ts'

export const add = defineOperator({
  name: '+',
  level: 'V',
  group: 'number',
  title: { en: 'plus', zh: '加' },
  describe: { en: 'The exact sum of numbers.', zh: '数字的精确之和。' },
  formula: { infix: { symbol: { en: '+', zh: '+' }, binds: 5 } },
  args: [{ name: 'numbers', title: { en: 'number', zh: '数字' }, kind: 'value', rest: 1 }],
  type: widestNumber,
  digits: (args) =>
    Math.max(0, ...args.map((node) => node.digits)) + (args.length > 1 ? String(args.length).length : 0),
  checksRange: true,
  evaluate: (call) => chain(call, scaleOf(call.node.type), addPair, addConstant),
  sql: (call) => joinSql(call, '+'),
  explain: { en: '{args+} = {out}', zh: '{args+} = {out}' },
})
