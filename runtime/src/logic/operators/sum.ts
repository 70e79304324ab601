import { defineOperator } from '../operator.ts'
import { addUnits, type Units } from '../scaled.ts'
import {
  aggregateBody,
  aggregateSpecs,
  aggregateValue,
  eachValue,
  parseAggregate,
} from './shared/aggregate.ts'
import { aggregateSql, rowValues } from './shared/lists.ts'
import { requireNumberValue } from './shared/typing.ts'

export const sum = defineOperator({
  name: 'sum',
  level: 'L',
  group: 'list',
  title: { en: 'sum of list', zh: '列表求和' },
  describe: {
    en: 'The exact sum over a list: {"sum": [lines, "line", {"*": [line.qty, line.price]}]}; a condition may stand before the value. Nothing to add gives 0.',
    zh: '对列表精确求和:{"sum": [明细, "line", {"*": [line.qty, line.price]}]};取值前可加条件。没有可加的条目时为 0。',
  },
  args: aggregateSpecs,
  parse: (call) => parseAggregate(call, call.operands.length),
  type: (call) => {
    const { type } = aggregateValue(call.args)
    if (!requireNumberValue(call, aggregateValue(call.args))) return null
    return type.t === 'dec' ? { t: 'dec', nullable: false, scale: type.scale } : { t: 'int', nullable: false }
  },
  // A list has at most 10,000 entries.
  digits: (args) => aggregateValue(args).digits + 4,
  evaluate: (call) => {
    const each = eachValue(call)
    const add = (sofar: Units, value: unknown) => addUnits(sofar, value as Units)
    return (frame) => each<Units>(frame, 0, add)
  },
  sql: (call) => {
    const { test, value } = aggregateBody(call.node.args)
    return aggregateSql(rowValues(call, test, value), `COALESCE(sum(s.v), 0)`, false)
  },
  explain: { en: 'sum of {n} entries = {out}', zh: '{n} 条之和 = {out}' },
})
