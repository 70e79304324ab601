import Type from 'typebox'
import { groupDecimal } from '../decimal-text.ts'
import { defineNumericType } from '../numeric.ts'

export const decimal = defineNumericType({
  name: 'decimal',
  title: { en: 'Decimal number', zh: '小数' },
  icon: 'decimal',
  scale: 2,
  settings: {
    'x-precision': Type.Optional(
      Type.Integer({ minimum: 1, maximum: 38, description: 'Digits in all; 20 when not said.' }),
    ),
    'x-unit': Type.Optional(Type.String({ maxLength: 20, description: 'Shown behind the number: kg, h.' })),
  },
  options: (field) => ({ unit: typeof field['x-unit'] === 'string' ? field['x-unit'] : '' }),
  show: (value, field) =>
    groupDecimal(value) + (typeof field['x-unit'] === 'string' ? ` ${field['x-unit']}` : ''),
})
