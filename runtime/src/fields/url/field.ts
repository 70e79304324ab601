import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, normalizeText, wordsOf } from '../shared.ts'

export const url = defineFieldType({
  name: 'url',
  title: { en: 'Web address', zh: '网址' },
  icon: 'world',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Optional(Type.Literal('uri')),
  }),
  base: { type: 'string', format: 'uri' },
  validation: () => ({ type: 'string', format: 'uri' }),
  normalize: normalizeText,
  column: () => ({ sql: 'text', collation: 'C' }),
  toColumn: (value) => value,
  fromColumn: (value) => (value === null || value === undefined ? null : String(value)),
  ruleType: () => ({ t: 'str', nullable: false }),
  filters: ['==', '!=', 'contains', 'startsWith', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: { type: 'string', format: 'uri', ...wordsOf(field, locale) },
    uiSchema: { 'ui:widget': 'url' },
  }),
  format: (value) => asText(value),
})
