import { ruleOperandType } from '../../errors/logic.ts'
import { reportOperandCount } from '../check-operands.ts'
import { divideScaled, maxScale } from '../decimal.ts'
import { defineOperator } from '../operator.ts'
import { decimal, scaleOf, withNullable } from '../rule-type.ts'
import { addUnits, type RoundingMode, roundingModes, type Units } from '../scaled.ts'
import {
  aggregateBody,
  aggregateSpecs,
  aggregateValue,
  eachValue,
  parseAggregate,
} from './shared/aggregate.ts'
import { aggregateSql, rowValues } from './shared/lists.ts'
import { divideSql } from './shared/rounding.ts'
import { requireNumberValue } from './shared/typing.ts'

export const avg = defineOperator({
  name: 'avg',
  level: 'L',
  group: 'list',
  title: { en: 'average of list', zh: '列表平均值' },
  describe: {
    en: 'The average over a list, rounded once to the given places by the given mode: {"avg": [lines, "line", line.price, 2, "half_up"]}. Empty when there is nothing to average.',
    zh: '列表的平均值,按给定位数与方式一次舍入:{"avg": [明细, "line", line.price, 2, "half_up"]}。没有条目时为空。',
  },
  args: [
    ...aggregateSpecs,
    { name: 'scale', title: { en: 'places', zh: '小数位数' }, kind: 'whole', min: 0, max: maxScale },
    { name: 'mode', title: { en: 'mode', zh: '舍入方式' }, kind: 'word', words: roundingModes },
  ],
  parse: (call) => {
    const [scale, mode] = call.operands.slice(-2)
    if (call.operands.length < 3) {
      reportOperandCount(call, '3, 5–6')
      return null
    }
    const whole = typeof scale === 'number' && Number.isInteger(scale) && scale >= 0 && scale <= maxScale
    if (!whole || !(roundingModes as readonly unknown[]).includes(mode)) {
      call.report(ruleOperandType, call.pathOf(call.operands.length - 1), {
        operator: call.name,
        found: 'this',
        found_zh: '该值',
        expected: `places (0–${maxScale}) and a rounding mode at the end, written out`,
        expected_zh: `在末尾直接写出小数位数(0–${maxScale})与舍入方式`,
      })
      return null
    }
    return parseAggregate(call, call.operands.length - 2, { scale, mode: mode! })
  },
  type: (call) =>
    requireNumberValue(call, aggregateValue(call.args))
      ? withNullable(decimal(Number(call.settings.scale)), true)
      : null,
  digits: (args) => aggregateValue(args).digits + 1,
  evaluate: (call) => {
    const each = eachValue(call)
    const from = scaleOf(aggregateValue(call.node.args).type)
    const [to, mode] = [scaleOf(call.node.type), call.node.settings.mode as RoundingMode]
    return (frame) => {
      let count = 0
      const total = each<Units>(frame, 0, (sofar, value) => {
        count += 1
        return addUnits(sofar, value as Units)
      })
      return count === 0 ? null : divideScaled(total, from, count, 0, to, mode)
    }
  },
  sql: (call) => {
    const { test, value } = aggregateBody(call.node.args)
    const mode = call.node.settings.mode as RoundingMode
    const quotient = divideSql('d.total', 'd.entries', scaleOf(call.node.type), mode)
    return aggregateSql(
      rowValues(call, test, value),
      `(SELECT ${quotient} FROM (SELECT sum(s.v)::numeric AS total, count(s.v)::numeric AS entries) d)`,
      true,
    )
  },
  explain: {
    en: 'average of {n} entries = {out} ({scale} places, {mode})',
    zh: '{n} 条的平均值 = {out}({scale} 位小数,{mode})',
  },
})
