import Type from 'typebox'
import { groupDecimal, shiftDecimal } from '../decimal.ts'
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

const scale = 4

/** Kept as the fraction (`0.05` is 5%), so that rules multiply by it as it is. */
export const percent = defineFieldType({
  name: 'percent',
  title: { en: 'Percent', zh: '百分比' },
  icon: 'percentage',
  settings: Type.Object({
    ...numericSettings,
    'x-scale': Type.Optional(
      Type.Integer({ minimum: 2, maximum: 10, description: 'Places of the fraction: 4 keeps 12.34%.' }),
    ),
  }),
  base: { type: 'string', format: 'decimal', 'x-scale': scale, formatMinimum: '0', formatMaximum: '1' },
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
    uiSchema: { 'ui:widget': 'percent', 'ui:options': { scale: scaleOf(field, scale) } },
  }),
  format: (value) => (typeof value === 'string' ? `${groupDecimal(shiftDecimal(value, 2))}%` : ''),
})
