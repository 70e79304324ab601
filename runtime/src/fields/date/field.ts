import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { commonSettings, dateFromColumn, formatDate, pick, wordsOf } from '../shared.ts'

const limits = (field: Parameters<typeof pick>[0]) => pick(field, 'formatMinimum', 'formatMaximum')

export const date = defineFieldType({
  name: 'date',
  title: { en: 'Date', zh: '日期' },
  icon: 'calendar',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Literal('date'),
    formatMinimum: Type.Optional(Type.String({ format: 'date', description: 'Earliest day.' })),
    formatMaximum: Type.Optional(Type.String({ format: 'date', description: 'Latest day.' })),
    default: Type.Optional(Type.String({ format: 'date' })),
  }),
  base: { type: 'string', format: 'date' },
  validation: (field) => ({ type: 'string', format: 'date', ...limits(field) }),
  column: () => ({ sql: 'date' }),
  toColumn: (value) => value,
  fromColumn: dateFromColumn,
  ruleType: () => ({ t: 'date', nullable: false }),
  filters: ['==', '!=', '<', '<=', '>', '>=', 'between', 'exists', 'empty'],
  sortable: true,
  measures: ['min', 'max'],
  face: (field, locale) => ({
    schema: { type: 'string', format: 'date', ...wordsOf(field, locale), ...limits(field) },
    uiSchema: { 'ui:widget': 'date', 'ui:options': limits(field) },
  }),
  format: (value, _field, locale) => (typeof value === 'string' ? formatDate(value, locale) : ''),
})
