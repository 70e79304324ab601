import { defineOperator } from '../operator.ts'
import { absUnits } from '../scaled.ts'
import { type UnitsSide, widestNumber } from './shared/arithmetic.ts'
import { strict } from './shared/sql.ts'

export const abs = defineOperator({
  name: 'abs',
  level: 'V',
  group: 'number',
  title: { en: 'size', zh: '绝对值' },
  describe: { en: 'The number without its sign.', zh: '去掉符号的数。' },
  args: [{ name: 'number', title: { en: 'number', zh: '数字' }, kind: 'value' }],
  type: widestNumber,
  evaluate: (call) => {
    const value = call.arg(0) as UnitsSide
    return (frame) => absUnits(value(frame))
  },
  sql: (call) => strict(`abs(${call.numeric(0).text})`, call.args),
  explain: { en: '|{0}| = {out}', zh: '|{0}| = {out}' },
})
