import { defineOperator } from '../operator.ts'
import { lesserUnits } from '../scaled.ts'
import { isOverList, parseAggregate } from './shared/aggregate.ts'
import { extremeSql, fold, widestNumber } from './shared/arithmetic.ts'

export const min = defineOperator({
  name: 'min',
  level: 'V',
  group: 'number',
  title: { en: 'least', zh: '最小值' },
  describe: { en: 'The least of numbers.', zh: '数字中的最小值。' },
  formula: { bound: [1] },
  args: [{ name: 'numbers', title: { en: 'number', zh: '数字' }, kind: 'value', rest: 1 }],
  parse: (call) =>
    isOverList(call) ? parseAggregate(call, call.operands.length, {}, 'min_of') : call.plain(),
  type: widestNumber,
  evaluate: (call) => fold(call, lesserUnits),
  sql: (call) => extremeSql(call, 'LEAST'),
  explain: { en: 'least of {args} = {out}', zh: '{args} 中的最小值 = {out}' },
})
