import { defineOperator } from '../operator.ts'
import { type RoundingMode, roundingModes } from '../scaled.ts'
import { places, roundTo } from './shared/round-to.ts'

export const round = defineOperator({
  name: 'round',
  level: 'V',
  group: 'number',
  title: { en: 'round', zh: '舍入' },
  describe: {
    en: 'The number rounded to places (default 0) by a mode (default half_up: halves away from zero).',
    zh: '按小数位数(默认 0)和方式(默认 half_up,即四舍五入)舍入。',
  },
  formula: { name: { en: 'ROUND', zh: '四舍五入' } },
  args: [
    { name: 'number', title: { en: 'number', zh: '数字' }, kind: 'value' },
    places,
    {
      name: 'mode',
      title: { en: 'mode', zh: '舍入方式' },
      kind: 'word',
      words: roundingModes,
      default: 'half_up',
    },
  ],
  type: (call) => roundTo.type(call, Number(call.settings.scale)),
  digits: roundTo.digits,
  evaluate: (call) => roundTo.evaluate(call, call.node.settings.mode as RoundingMode),
  sql: (call) => roundTo.sql(call, call.node.settings.mode as RoundingMode),
  explain: {
    en: '{0} rounded to {scale} places ({mode}) = {out}',
    zh: '{0} 舍入到 {scale} 位小数({mode})= {out}',
  },
})
