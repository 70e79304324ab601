import { defineOperator, type Operator } from '../../operator.ts'
import { describeType, isNumeric, withNullable } from '../../rule-type.ts'
import type { RuleType } from '../../types.ts'
import type { RuleValue } from '../../value.ts'
import { aggregateBody, aggregateSpecs, aggregateValue, eachValue, parseAggregate } from './aggregate.ts'
import type { Comparable } from './comparison.ts'
import { aggregateSql, rowValues } from './lists.ts'
import { reportNullableValue, reportType } from './typing.ts'

/** What one operator that takes the least or the greatest of a list is made of. */
export function defineExtremeOf(
  name: 'min_of' | 'max_of',
  words: Pick<Operator, 'title' | 'describe' | 'explain'>,
): Operator {
  const most = name === 'max_of'
  const better = most ? (a: Comparable, b: Comparable) => a > b : (a: Comparable, b: Comparable) => a < b
  return defineOperator({
    ...words,
    name,
    level: 'L',
    group: 'list',
    args: aggregateSpecs,
    parse: (call) => parseAggregate(call, call.operands.length),
    type: (call): RuleType | null => {
      const { value } = aggregateBody(call.args)
      const { type } = aggregateValue(call.args)
      if (!isNumeric(type) && type.t !== 'date' && type.t !== 'instant') {
        reportType(call, call.args[value ?? 0]!, {
          en: 'numbers, dates or moments',
          zh: '数字、日期或时刻',
        })
        return null
      }
      if (type.nullable)
        return reportNullableValue(call, value === null ? null : call.args[value]!, describeType(type))
      return withNullable(type, true)
    },
    digits: (args) => aggregateValue(args).digits,
    evaluate: (call) => {
      const each = eachValue(call)
      const take = (sofar: RuleValue, value: RuleValue) =>
        sofar === null || better(value as Comparable, sofar as Comparable) ? value : sofar
      return (frame) => each<RuleValue>(frame, null, take)
    },
    sql: (call) => {
      const { test, value } = aggregateBody(call.node.args)
      return aggregateSql(rowValues(call, test, value), `${most ? 'max' : 'min'}(s.v)`, true)
    },
  })
}
