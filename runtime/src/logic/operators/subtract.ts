import { defineOperator } from '../operator.ts'
import { scaleOf } from '../rule-type.ts'
import { negateUnits } from '../scaled.ts'
import { addConstant, joinSql, subtractPair, type UnitsSide, widestNumber } from './shared/arithmetic.ts'
import { strict } from './shared/sql.ts'

export const subtract = defineOperator({
  name: '-',
  level: 'V',
  group: 'number',
  title: { en: 'minus', zh: '减' },
  describe: {
    en: 'The exact difference of two numbers; with one operand, its opposite.',
    zh: '两数之差;只有一个操作数时取其相反数。',
  },
  formula: { infix: { symbol: { en: '-', zh: '-' }, binds: 5 } },
  args: [
    { name: 'left', title: { en: 'number', zh: '数字' }, kind: 'value' },
    { name: 'right', title: { en: 'less', zh: '减去' }, kind: 'value', optional: true },
  ],
  type: widestNumber,
  digits: (args) => Math.max(0, ...args.map((node) => node.digits)) + (args.length > 1 ? 1 : 0),
  checksRange: true,
  evaluate: (call) => {
    const scale = scaleOf(call.node.type)
    const left = call.arg(0, scale) as UnitsSide
    if (call.node.args.length === 1) return (frame) => negateUnits(left(frame))
    const less = call.constant(1, scale)
    if (typeof less === 'number') return addConstant(left, -less, call.check)
    return subtractPair(left, call.arg(1, scale) as UnitsSide, call.check)
  },
  sql: (call) =>
    call.args.length > 1 ? joinSql(call, '-') : strict(`(- ${call.numeric(0).text})`, call.args),
  explain: (call) =>
    call.args.length > 1
      ? { en: '{0} − {1} = {out}', zh: '{0} − {1} = {out}' }
      : { en: '−{0} = {out}', zh: '−{0} = {out}' },
})
