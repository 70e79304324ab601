import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, pick, storedText, wordsOf } from '../shared.ts'

export const longText = defineFieldType({
  name: 'long_text',
  title: { en: 'Long text', zh: '多行文本' },
  icon: 'align-left',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    minLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    maxLength: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000, description: 'Most characters; 4000 when not said.' }),
    ),
    default: Type.Optional(Type.String({ maxLength: 4000 })),
  }),
  ...storedText,
  base: { type: 'string', maxLength: 4000 },
  validation: (field) => ({
    type: 'string',
    format: 'block',
    maxLength: 4000,
    ...pick(field, 'minLength', 'maxLength'),
  }),
  column: () => ({ sql: 'text' }),
  filters: ['contains', 'exists', 'empty'],
  sortable: false,
  face: (field, locale) => ({
    schema: {
      type: 'string',
      ...wordsOf(field, locale),
      maxLength: 4000,
      ...pick(field, 'minLength', 'maxLength'),
    },
    uiSchema: { 'ui:widget': 'textarea', 'ui:options': { rows: 4 } },
  }),
  format: (value) => asText(value),
})
