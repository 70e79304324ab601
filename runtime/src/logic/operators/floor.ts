import { maxScale } from '../decimal.ts'
import { defineOperator } from '../operator.ts'
import { roundTo } from './shared/round-to.ts'

export const floor = defineOperator({
  name: 'floor',
  level: 'V',
  group: 'number',
  title: { en: 'round down', zh: '向下取整' },
  describe: { en: 'The number rounded down to places (default 0).', zh: '按小数位数(默认 0)向下舍入。' },
  args: [
    { name: 'number', title: { en: 'number', zh: '数字' }, kind: 'value' },
    {
      name: 'scale',
      title: { en: 'places', zh: '小数位数' },
      kind: 'whole',
      min: 0,
      max: maxScale,
      default: 0,
    },
  ],
  type: (call) => roundTo.type(call, Number(call.settings.scale)),
  digits: roundTo.digits,
  evaluate: (call) => roundTo.evaluate(call, 'floor'),
  sql: (call) => roundTo.sql(call, 'floor'),
  explain: { en: '{0} rounded down = {out}', zh: '{0} 向下取整 = {out}' },
})
