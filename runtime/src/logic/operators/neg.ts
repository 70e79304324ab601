import { defineOperator } from '../operator.ts'
import { negateUnits } from '../scaled.ts'
import { type UnitsSide, widestNumber } from './shared/arithmetic.ts'
import { strict } from './shared/sql.ts'

export const neg = defineOperator({
  name: 'neg',
  level: 'V',
  group: 'number',
  title: { en: 'opposite', zh: '相反数' },
  describe: { en: 'The number with the other sign.', zh: '符号相反的数。' },
  args: [{ name: 'number', title: { en: 'number', zh: '数字' }, kind: 'value' }],
  type: widestNumber,
  evaluate: (call) => {
    const value = call.arg(0) as UnitsSide
    return (frame) => negateUnits(value(frame))
  },
  sql: (call) => strict(`(- ${call.numeric(0).text})`, call.args),
  explain: { en: '−{0} = {out}', zh: '−{0} = {out}' },
})
