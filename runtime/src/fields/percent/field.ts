import Type from 'typebox'
import { groupDecimal, shiftDecimal } from '../decimal-text.ts'
import { defineNumericType } from '../numeric.ts'

/** Kept as the fraction (`0.05` is 5%), so that rules multiply by it as it is. */
export const percent = defineNumericType({
  name: 'percent',
  title: { en: 'Percent', zh: '百分比' },
  icon: 'percentage',
  scale: 4,
  settings: {
    'x-scale': Type.Optional(
      Type.Integer({ minimum: 2, maximum: 10, description: 'Places of the fraction: 4 keeps 12.34%.' }),
    ),
  },
  base: { formatMinimum: '0', formatMaximum: '1' },
  show: (value) => `${groupDecimal(shiftDecimal(value, 2))}%`,
})
