import Type from 'typebox'
import { isJsonObject, type Json } from '../../json.ts'
import { defineFieldType } from '../field-type.ts'
import { commonSettings, dateFromColumn, formatDate, wordsOf } from '../shared.ts'

/** Reads `[2026-01-01,2026-04-01)`; Postgres always prints date ranges half open. */
function fromRange(value: unknown): Json {
  const match = typeof value === 'string' ? /^\[([^,]*),([^)]*)\)$/.exec(value) : null
  if (!match?.[1]) return null
  return { from: match[1], to: match[2] ? match[2] : null }
}

/** The day before, as text; the last day that still belongs to a half-open period. */
function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}

/** `{"from": "2026-01-01", "to": "2026-04-01"}`: `to` is the first day after; null while the end is open. */
export const period = defineFieldType({
  name: 'period',
  title: { en: 'Period', zh: '期间' },
  icon: 'calendar-stats',
  settings: Type.Object({ ...commonSettings, type: Type.Literal('object') }),
  base: { type: 'object' },
  validation: () => ({
    type: 'object',
    additionalProperties: false,
    properties: {
      from: { type: 'string', format: 'date' },
      to: { type: ['string', 'null'], format: 'date', formatExclusiveMinimum: { $data: '1/from' } },
    },
    required: ['from', 'to'],
  }),
  column: () => ({ sql: 'daterange' }),
  toColumn: (value) =>
    isJsonObject(value) ? `[${String(value.from)},${value.to === null ? '' : String(value.to)})` : null,
  fromColumn: (value) =>
    isJsonObject(value)
      ? { from: dateFromColumn(value.from), to: dateFromColumn(value.to) }
      : fromRange(value),
  ruleType: () => ({ t: 'period', nullable: false }),
  filters: ['exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: {
      type: 'object',
      ...wordsOf(field, locale),
      properties: {
        from: { type: 'string', format: 'date' },
        to: { type: ['string', 'null'], format: 'date' },
      },
      required: ['from'],
    },
    uiSchema: { 'ui:field': 'period' },
  }),
  // People read the last day that counts, not the first that no longer does.
  format: (value, _field, locale) => {
    if (!isJsonObject(value) || typeof value.from !== 'string') return ''
    const from = formatDate(value.from, locale)
    if (typeof value.to !== 'string') return locale === 'zh' ? `${from}起` : `from ${from}`
    const to = formatDate(dayBefore(value.to), locale)
    return locale === 'zh' ? `${from}至${to}` : `${from} to ${to}`
  },
})
