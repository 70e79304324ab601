import { defineOperator } from '../operator.ts'
import { greaterUnits } from '../scaled.ts'
import { isOverList, parseAggregate } from './shared/aggregate.ts'
import { extremeSql, fold, widestNumber } from './shared/arithmetic.ts'

export const max = defineOperator({
  name: 'max',
  level: 'V',
  group: 'number',
  title: { en: 'greatest', zh: '最大值' },
  describe: { en: 'The greatest of numbers.', zh: '数字中的最大值。' },
  formula: { bound: [1] },
  args: [{ name: 'numbers', title: { en: 'number', zh: '数字' }, kind: 'value', rest: 1 }],
  parse: (call) =>
    isOverList(call) ? parseAggregate(call, call.operands.length, {}, 'max_of') : call.plain(),
  type: widestNumber,
  evaluate: (call) => fold(call, greaterUnits),
  sql: (call) => extremeSql(call, 'GREATEST'),
  explain: { en: 'greatest of {args} = {out}', zh: '{args} 中的最大值 = {out}' },
})
