import Type from 'typebox'
import { fieldLimits } from '../../errors/definitions.ts'
import { diagnose } from '../../errors/diagnose.ts'
import { groupDecimal } from '../decimal-text.ts'
import { defineFieldType } from '../field-type.ts'
import { commonSettings, pick, wordsOf } from '../shared.ts'

/** The whole numbers that JSON readers of every language keep exactly. */
const least = -9007199254740991
const most = 9007199254740991

export const integer = defineFieldType({
  name: 'integer',
  title: { en: 'Whole number', zh: '整数' },
  icon: 'number-123',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('integer'),
    minimum: Type.Optional(Type.Integer({ minimum: least, maximum: most })),
    maximum: Type.Optional(Type.Integer({ minimum: least, maximum: most })),
    default: Type.Optional(Type.Integer({ minimum: least, maximum: most })),
  }),
  base: { type: 'integer' },
  check: (field) =>
    typeof field.minimum === 'number' && typeof field.maximum === 'number' && field.minimum > field.maximum
      ? [diagnose(fieldLimits, '/minimum', { low: field.minimum, high: field.maximum })]
      : [],
  validation: (field) => ({
    type: 'integer',
    minimum: least,
    maximum: most,
    ...pick(field, 'minimum', 'maximum'),
  }),
  column: () => ({ sql: 'bigint' }),
  toColumn: (value) => value,
  fromColumn: (value) => (value === null || value === undefined ? null : Number(value)),
  ruleType: (field) => ({
    t: 'int',
    nullable: false,
    min: String(field.minimum ?? least),
    max: String(field.maximum ?? most),
  }),
  filters: ['==', '!=', '<', '<=', '>', '>=', 'between', 'in', 'exists', 'empty'],
  sortable: true,
  measures: ['sum', 'avg', 'min', 'max'],
  face: (field, locale) => ({
    schema: { type: 'integer', ...wordsOf(field, locale), ...pick(field, 'minimum', 'maximum') },
    uiSchema: { 'ui:widget': 'integer' },
  }),
  format: (value) => (typeof value === 'number' ? groupDecimal(String(value)) : ''),
})
