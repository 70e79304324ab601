import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, normalizeText, wordsOf } from '../shared.ts'

export const phone = defineFieldType({
  name: 'phone',
  title: { en: 'Phone', zh: '电话' },
  icon: 'phone',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Optional(Type.Literal('phone')),
  }),
  base: { type: 'string', format: 'phone' },
  validation: () => ({ type: 'string', format: 'phone' }),
  normalize: normalizeText,
  column: () => ({ sql: 'text', collation: 'C' }),
  toColumn: (value) => value,
  fromColumn: (value) => (value === null || value === undefined ? null : String(value)),
  ruleType: () => ({ t: 'str', nullable: false }),
  filters: ['==', '!=', 'contains', 'startsWith', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: { type: 'string', format: 'phone', ...wordsOf(field, locale) },
    uiSchema: { 'ui:widget': 'phone' },
  }),
  format: (value) => asText(value),
})
