import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, normalizeText, pick, wordsOf } from '../shared.ts'

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
  base: { type: 'string', maxLength: 4000 },
  validation: (field) => ({
    type: 'string',
    format: 'block',
    maxLength: 4000,
    ...pick(field, 'minLength', 'maxLength'),
  }),
  normalize: normalizeText,
  column: () => ({ sql: 'text' }),
  toColumn: (value) => value,
  fromColumn: (value) => (value === null || value === undefined ? null : String(value)),
  ruleType: () => ({ t: 'str', nullable: false }),
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
