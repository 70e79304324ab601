import Type from 'typebox'
import type { FieldDefinition } from '../../definition/object.ts'
import { groupDecimal, padDecimal } from '../decimal.ts'
import { defineFieldType } from '../field-type.ts'
import {
  checkNumeric,
  numericColumn,
  numericFilters,
  numericFromColumn,
  numericNormalize,
  numericRuleType,
  numericSettings,
  numericValidation,
  scaleOf,
} from '../numeric.ts'
import { wordsOf } from '../shared.ts'

const scale = 2
/** Signs that a reader of either language knows; other currencies show their code. */
const signs: Readonly<Record<string, string>> = {
  CNY: '¥',
  USD: '$',
  EUR: '€',
  GBP: '£',
  HKD: 'HK$',
  JPY: 'JP¥',
  SGD: 'S$',
  TWD: 'NT$',
  KRW: '₩',
  INR: '₹',
}

function currencyOf(field: FieldDefinition): string {
  return typeof field['x-currency'] === 'string' ? field['x-currency'] : 'CNY'
}

/** `¥1,234.50`, `-¥5.00`, `CHF 12.00`; for amounts that belong to no field too. */
export function formatMoney(amount: string, currency: string, places = scale): string {
  const grouped = groupDecimal(padDecimal(amount, places))
  const sign = signs[currency] ?? `${currency} `
  return grouped.startsWith('-') ? `-${sign}${grouped.slice(1)}` : sign + grouped
}

export const money = defineFieldType({
  name: 'money',
  title: { en: 'Money', zh: '金额' },
  icon: 'coin',
  settings: Type.Object({
    ...numericSettings,
    'x-currency': Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency code (ISO 4217): CNY, USD.' }),
  }),
  base: { type: 'string', format: 'decimal', 'x-scale': scale, 'x-currency': 'CNY' },
  check: (field) => checkNumeric(field, scale),
  validation: (field) => numericValidation(field, scale),
  normalize: (value, field) => numericNormalize(value, field, scale),
  column: (field) => numericColumn(field, scale),
  toColumn: (value) => value,
  fromColumn: (value, field) => numericFromColumn(value, field, scale),
  ruleType: (field) => numericRuleType(field, scale),
  filters: numericFilters,
  sortable: true,
  face: (field, locale) => ({
    schema: { ...numericValidation(field, scale), ...wordsOf(field, locale) },
    uiSchema: {
      'ui:widget': 'money',
      'ui:options': {
        scale: scaleOf(field, scale),
        currency: currencyOf(field),
        sign: signs[currencyOf(field)] ?? currencyOf(field),
      },
    },
  }),
  format: (value, field) =>
    typeof value === 'string' ? formatMoney(value, currencyOf(field), scaleOf(field, scale)) : '',
})
