import Type from 'typebox'
import { checkChoices } from '../choices.ts'
import { defineFieldType } from '../field-type.ts'
import { ChoicesSchema, choicesOf, choiceTitle, commonSettings, wordsOf } from '../shared.ts'

export const choice = defineFieldType({
  name: 'choice',
  title: { en: 'Choice', zh: '单选' },
  icon: 'circle-dot',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    oneOf: ChoicesSchema,
    default: Type.Optional(Type.String({ description: 'One of the choices.' })),
  }),
  base: { type: 'string', oneOf: [{ const: 'one', title: 'One', 'x-title': { zh: '选项一' } }] },
  check: (field) => checkChoices(field, '/oneOf'),
  validation: (field) => ({ type: 'string', enum: choicesOf(field).map((c) => c.const) }),
  column: () => ({ sql: 'text', collation: 'C' }),
  toColumn: (value) => value,
  fromColumn: (value) => (typeof value === 'string' ? value : null),
  ruleType: (field) => ({ t: 'str', nullable: false, enum: choicesOf(field).map((c) => c.const) }),
  filters: ['==', '!=', 'in', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: {
      type: 'string',
      ...wordsOf(field, locale),
      oneOf: choicesOf(field).map((c) => ({ const: c.const, title: choiceTitle(field, c.const, locale) })),
    },
    uiSchema: {
      'ui:widget': 'choice',
      'ui:options': {
        retired: choicesOf(field)
          .filter((c) => c['x-retired'])
          .map((c) => c.const),
      },
    },
  }),
  format: (value, field, locale) => (typeof value === 'string' ? choiceTitle(field, value, locale) : ''),
})
