import Type from 'typebox'
import type { Json } from '../../json.ts'
import { defineFieldType } from '../field-type.ts'
import { commonSettings, formatDate, wordsOf } from '../shared.ts'

/** `2026-01-01T08:00:00.000Z`: one spelling for each instant. pg hands over a Date, or text when it parses none. */
function instantOf(value: unknown): Json {
  if (value === null || value === undefined) return null
  const moment =
    value instanceof Date
      ? value
      : new Date(
          String(value)
            .replace(' ', 'T')
            .replace(/([+-]\d\d)$/, '$1:00'),
        )
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}

export const datetime = defineFieldType({
  name: 'datetime',
  title: { en: 'Date and time', zh: '日期时间' },
  icon: 'clock',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    format: Type.Literal('date-time'),
  }),
  base: { type: 'string', format: 'date-time' },
  validation: () => ({ type: 'string', format: 'date-time' }),
  normalize: (value) => (typeof value === 'string' ? instantOf(value) : value),
  column: () => ({ sql: 'timestamp with time zone' }),
  toColumn: (value) => value,
  fromColumn: instantOf,
  ruleType: () => ({ t: 'instant', nullable: false }),
  filters: ['<', '<=', '>', '>=', 'between', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: { type: 'string', format: 'date-time', ...wordsOf(field, locale) },
    uiSchema: { 'ui:widget': 'datetime' },
  }),
  format: (value, _field, locale, _titles, timeZone = 'UTC') => {
    if (typeof value !== 'string') return ''
    const moment = new Date(value)
    if (Number.isNaN(moment.getTime())) return value
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(moment)
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? ''
    return `${formatDate(`${part('year')}-${part('month')}-${part('day')}`, locale)} ${part('hour')}:${part('minute')}`
  },
})
