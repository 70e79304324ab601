import { ruleDivisionByZero } from '../../errors/logic.ts'
import { defineOperator } from '../operator.ts'
import { scaleOf } from '../rule-type.ts'
import { remainderUnits } from '../scaled.ts'
import { type UnitsSide, widestNumber } from './shared/arithmetic.ts'

export const mod = defineOperator({
  name: 'mod',
  aliases: ['%'],
  level: 'V',
  group: 'number',
  title: { en: 'remainder', zh: '余数' },
  describe: {
    en: 'What is left after dividing; it has the sign of the dividend.',
    zh: '相除后的余数,符号与被除数相同。',
  },
  args: [
    { name: 'dividend', title: { en: 'number', zh: '被除数' }, kind: 'value' },
    { name: 'divisor', title: { en: 'divisor', zh: '除数' }, kind: 'value' },
  ],
  type: widestNumber,
  evaluate: (call) => {
    const [a, b] = call.args(scaleOf(call.node.type)) as [UnitsSide, UnitsSide]
    return (frame) => {
      const [dividend, divisor] = [a(frame), b(frame)]
      if (divisor === 0) call.fail(ruleDivisionByZero)
      return remainderUnits(dividend, divisor)
    }
  },
  sql: (call) => {
    const pieces = [call.numeric(0), call.numeric(1)]
    const divisor = call.node.args[1]!
    if (divisor.kind === 'literal' && divisor.value !== 0) {
      return { text: `(${pieces[0]!.text} % ${pieces[1]!.text})`, fails: pieces[0]!.fails, simple: false }
    }
    return {
      text: call.once(pieces, (a, b) => `(CASE WHEN ${b} <> 0 THEN ${a} % ${b} END)`),
      fails: true,
      simple: false,
    }
  },
  explain: { en: '{0} mod {1} = {out}', zh: '{0} 除以 {1} 的余数 = {out}' },
})
