import Type from 'typebox'
import type { FieldDefinition } from '../../definition/object.ts'
import { defineNumericType } from '../numeric.ts'
import { formatMoney, signOf } from './currency.ts'

function currencyOf(field: FieldDefinition): string {
  return typeof field['x-currency'] === 'string' ? field['x-currency'] : 'CNY'
}

export const money = defineNumericType({
  name: 'money',
  title: { en: 'Money', zh: '金额' },
  icon: 'coin',
  scale: 2,
  settings: {
    'x-currency': Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency code (ISO 4217): CNY, USD.' }),
  },
  base: { 'x-currency': 'CNY' },
  options: (field) => ({ currency: currencyOf(field), sign: signOf(currencyOf(field)) }),
  show: (value, field, scale) => formatMoney(value, currencyOf(field), scale),
})
