import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, normalizeText, wordsOf } from '../shared.ts'

export const email = defineFieldType({
  name: 'email',
  title: { en: 'E-mail', zh: '邮箱' },
  icon: 'mail',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Optional(Type.Literal('email')),
  }),
  base: { type: 'string', format: 'email' },
  validation: () => ({ type: 'string', format: 'email' }),
  normalize: normalizeText,
  column: () => ({ sql: 'text', collation: 'C' }),
  toColumn: (value) => value,
  fromColumn: (value) => (value === null || value === undefined ? null : String(value)),
  ruleType: () => ({ t: 'str', nullable: false }),
  filters: ['==', '!=', 'contains', 'startsWith', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: { type: 'string', format: 'email', ...wordsOf(field, locale) },
    uiSchema: { 'ui:widget': 'email' },
  }),
  format: (value) => asText(value),
})
