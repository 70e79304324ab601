import Type from 'typebox'
import { Key } from '../../definition/shared.ts'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, wordsOf } from '../shared.ts'

export const user = defineFieldType({
  name: 'user',
  title: { en: 'Person', zh: '人员' },
  icon: 'user',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Literal('uuid'),
    'x-role': Type.Optional(Key),
  }),
  base: { type: 'string', format: 'uuid' },
  validation: () => ({ type: 'string', format: 'uuid' }),
  normalize: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  column: () => ({ sql: 'uuid' }),
  toColumn: (value) => value,
  fromColumn: (value) => (typeof value === 'string' ? value : null),
  ruleType: () => ({ t: 'user', nullable: false }),
  filters: ['==', '!=', 'in', 'exists', 'empty'],
  sortable: false,
  face: (field, locale) => ({
    schema: { type: 'string', format: 'uuid', ...wordsOf(field, locale) },
    uiSchema: {
      'ui:widget': 'user',
      'ui:options': { role: typeof field['x-role'] === 'string' ? field['x-role'] : null },
    },
  }),
  format: (value, _field, _locale, titles) =>
    typeof value === 'string' ? (titles?.[value] ?? value) : asText(value),
})
