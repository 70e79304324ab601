import Type from 'typebox'
import { groupDecimal } from '../decimal.ts'
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

export const decimal = defineFieldType({
  name: 'decimal',
  title: { en: 'Decimal number', zh: '小数' },
  icon: 'decimal',
  settings: Type.Object({
    ...numericSettings,
    'x-precision': Type.Optional(
      Type.Integer({ minimum: 1, maximum: 38, description: 'Digits in all; 20 when not said.' }),
    ),
    'x-unit': Type.Optional(Type.String({ maxLength: 20, description: 'Shown behind the number: kg, h.' })),
  }),
  base: { type: 'string', format: 'decimal', 'x-scale': scale },
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
      'ui:widget': 'decimal',
      'ui:options': {
        scale: scaleOf(field, scale),
        unit: typeof field['x-unit'] === 'string' ? field['x-unit'] : '',
      },
    },
  }),
  format: (value, field) =>
    typeof value === 'string'
      ? groupDecimal(value) + (typeof field['x-unit'] === 'string' ? ` ${field['x-unit']}` : '')
      : '',
})
