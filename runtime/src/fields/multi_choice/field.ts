import Type from 'typebox'
import { checkChoices } from '../choices.ts'
import { defineFieldType } from '../field-type.ts'
import { ChoicesSchema, choicesOf, choiceTitle, commonSettings, pick, wordsOf } from '../shared.ts'

export const multiChoice = defineFieldType({
  name: 'multi_choice',
  title: { en: 'Several choices', zh: '多选' },
  icon: 'list-check',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('array'),
    uniqueItems: Type.Literal(true),
    items: Type.Object(
      { type: Type.Literal('string'), oneOf: ChoicesSchema },
      { additionalProperties: false },
    ),
    minItems: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    maxItems: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    default: Type.Optional(Type.Array(Type.String())),
  }),
  base: {
    type: 'array',
    uniqueItems: true,
    items: { type: 'string', oneOf: [{ const: 'one', title: 'One', 'x-title': { zh: '选项一' } }] },
  },
  check: (field) => checkChoices(field, '/items/oneOf'),
  validation: (field) => ({
    type: 'array',
    uniqueItems: true,
    maxItems: 1000,
    items: { type: 'string', enum: choicesOf(field).map((c) => c.const) },
    ...pick(field, 'minItems', 'maxItems'),
  }),
  column: () => ({ sql: 'text[]' }),
  toColumn: (value) => (Array.isArray(value) ? value : null),
  fromColumn: (value) => (Array.isArray(value) ? value.map(String) : null),
  ruleType: (field) => ({
    t: 'list',
    nullable: false,
    of: { t: 'str', nullable: false, enum: choicesOf(field).map((c) => c.const) },
  }),
  filters: ['contains', 'exists', 'empty'],
  sortable: false,
  face: (field, locale) => ({
    schema: {
      type: 'array',
      uniqueItems: true,
      ...wordsOf(field, locale),
      items: {
        type: 'string',
        oneOf: choicesOf(field).map((c) => ({ const: c.const, title: choiceTitle(field, c.const, locale) })),
      },
      ...pick(field, 'minItems', 'maxItems'),
    },
    uiSchema: { 'ui:widget': 'multi_choice' },
  }),
  format: (value, field, locale) =>
    Array.isArray(value)
      ? value.map((v) => choiceTitle(field, String(v), locale)).join(locale === 'zh' ? '、' : ', ')
      : '',
})
