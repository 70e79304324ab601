import { expect, test } from 'vitest'
import { firstDayOf, lastDayOf, sayDatePart, weekOf } from './date-parts.ts'

test('a part begins and ends where the calendar says', () => {
  const of = (day: string, part: Parameters<typeof firstDayOf>[1]) => {
    const first = firstDayOf(day, part)
    return [first, lastDayOf(first, part)]
  }
  expect(of('2024-02-29', 'day')).toEqual(['2024-02-29', '2024-02-29'])
  expect(of('2024-02-29', 'week')).toEqual(['2024-02-26', '2024-03-03'])
  expect(of('2024-02-29', 'month')).toEqual(['2024-02-01', '2024-02-29'])
  expect(of('2026-11-22', 'quarter')).toEqual(['2026-10-01', '2026-12-31'])
  expect(of('2026-11-22', 'year')).toEqual(['2026-01-01', '2026-12-31'])
  // A Sunday belongs to the week before, a Monday begins one.
  expect(of('2026-11-22', 'week')[0]).toBe('2026-11-16')
  expect(of('2026-11-23', 'week')[0]).toBe('2026-11-23')
})

test('weeks have the number and the year of ISO 8601', () => {
  const week = (day: string) => weekOf(firstDayOf(day, 'week'))
  expect(week('2021-01-03')).toEqual({ year: 2020, week: 53 })
  expect(week('2024-12-30')).toEqual({ year: 2025, week: 1 })
  expect(week('2026-01-01')).toEqual({ year: 2026, week: 1 })
  expect(week('2027-01-01')).toEqual({ year: 2026, week: 53 })
})

test('parts read as people write them', () => {
  const both = (first: string, part: Parameters<typeof sayDatePart>[1]) => [
    sayDatePart(first, part, 'en'),
    sayDatePart(first, part, 'zh'),
  ]
  expect(both('2026-07-01', 'quarter')).toEqual(['2026 Q3', '2026年第3季度'])
  expect(both('2026-07-01', 'month')).toEqual(['Jul 2026', '2026年7月'])
  expect(both('2026-01-01', 'year')).toEqual(['2026', '2026年'])
  expect(both('2024-12-30', 'week')).toEqual(['2025 W01', '2025年第1周'])
})
