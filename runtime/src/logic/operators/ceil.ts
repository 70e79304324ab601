import { maxScale } from '../decimal.ts'
import { defineOperator } from '../operator.ts'
import { roundTo } from './shared/round-to.ts'

export const ceil = defineOperator({
  name: 'ceil',
  level: 'V',
  group: 'number',
  title: { en: 'round up', zh: '向上取整' },
  describe: { en: 'The number rounded up to places (default 0).', zh: '按小数位数(默认 0)向上舍入。' },
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
  evaluate: (call) => roundTo.evaluate(call, 'ceil'),
  sql: (call) => roundTo.sql(call, 'ceil'),
  explain: { en: '{0} rounded up = {out}', zh: '{0} 向上取整 = {out}' },
})
