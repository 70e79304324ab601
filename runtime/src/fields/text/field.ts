import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, pick, storedText, wordsOf } from '../shared.ts'

export const text = defineFieldType({
  name: 'text',
  title: { en: 'Text', zh: '单行文本' },
  icon: 'letter-case',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    minLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    maxLength: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Most characters; 200 when not said.' }),
    ),
    pattern: Type.Optional(
      Type.String({
        maxLength: 500,
        description:
          'A regular expression the text must match (linear-time dialect: no look-around, no back-references).',
      }),
    ),
    'x-examples': Type.Optional(
      Type.Array(Type.String(), { description: 'Texts that the pattern accepts.' }),
    ),
    default: Type.Optional(Type.String({ maxLength: 1000 })),
  }),
  ...storedText,
  base: { type: 'string', maxLength: 200 },
  validation: (field) => ({
    type: 'string',
    format: 'line',
    maxLength: 200,
    ...pick(field, 'minLength', 'maxLength', 'pattern'),
  }),
  column: () => ({ sql: 'text', collation: 'C' }),
  filters: ['==', '!=', 'contains', 'startsWith', 'in', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: {
      type: 'string',
      ...wordsOf(field, locale),
      maxLength: 200,
      ...pick(field, 'minLength', 'maxLength', 'pattern'),
    },
    uiSchema: {},
  }),
  format: (value) => asText(value),
})
