import Type from 'typebox'
import { Key } from '../../definition/shared.ts'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, wordsOf } from '../shared.ts'

/** A record of another object, kept by its id. That the record exists and may be seen is for the server to say. */
export const reference = defineFieldType({
  name: 'reference',
  title: { en: 'Reference', zh: '关联' },
  icon: 'link',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Literal('uuid'),
    'x-object': Key,
  }),
  base: { type: 'string', format: 'uuid' },
  validation: () => ({ type: 'string', format: 'uuid' }),
  normalize: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  column: () => ({ sql: 'uuid' }),
  toColumn: (value) => value,
  fromColumn: (value) => (typeof value === 'string' ? value : null),
  ruleType: (field) => ({ t: 'ref', nullable: false, object: String(field['x-object']) }),
  filters: ['==', '!=', 'in', 'exists', 'empty'],
  sortable: false,
  face: (field, locale) => ({
    schema: { type: 'string', format: 'uuid', ...wordsOf(field, locale) },
    uiSchema: { 'ui:widget': 'reference', 'ui:options': { object: String(field['x-object']) } },
  }),
  format: (value, _field, _locale, titles) =>
    typeof value === 'string' ? (titles?.[value] ?? value) : asText(value),
})
