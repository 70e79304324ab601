import { maxScale } from '../decimal.ts'
import { defineOperator } from '../operator.ts'
import { type RoundingMode, roundingModes } from '../scaled.ts'
import { division } from './shared/division.ts'

const scaleIn = (settings: Readonly<Record<string, unknown>>) => Number(settings.scale)
const modeIn = (settings: Readonly<Record<string, unknown>>) => settings.mode as RoundingMode

export const div = defineOperator({
  name: 'div',
  level: 'V',
  group: 'number',
  title: { en: 'divide to places', zh: '按位数相除' },
  describe: {
    en: 'The quotient rounded once, to the given places by the given mode. Division by zero is an error.',
    zh: '按给定位数与舍入方式一次舍入的商。除数为零时报错。',
  },
  args: [
    { name: 'dividend', title: { en: 'number', zh: '被除数' }, kind: 'value' },
    { name: 'divisor', title: { en: 'divisor', zh: '除数' }, kind: 'value' },
    { name: 'scale', title: { en: 'places', zh: '小数位数' }, kind: 'whole', min: 0, max: maxScale },
    { name: 'mode', title: { en: 'mode', zh: '舍入方式' }, kind: 'word', words: roundingModes },
  ],
  type: (call) => division.type(call, scaleIn(call.settings)),
  digits: division.digits,
  evaluate: (call) => division.evaluate(call, scaleIn(call.node.settings), modeIn(call.node.settings)),
  sql: (call) => division.sql(call, scaleIn(call.node.settings), modeIn(call.node.settings)),
  explain: {
    en: '{0} ÷ {1} = {out} ({scale} places, {mode})',
    zh: '{0} ÷ {1} = {out}({scale} 位小数,{mode})',
  },
})
