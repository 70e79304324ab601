import { expect, it } from 'vitest'
import { addDays, instantToLocal, localToInstant, readDateEntry } from './date-entry.ts'

it.each(['2026-03-05', '2026/3/5', '2026.3.5', '20260305', '2026年3月5日', ' 2026-3-05 '])(
  'reads %s',
  (text) => expect(readDateEntry(text)).toBe('2026-03-05'),
)

it('refuses days that do not exist', () => {
  for (const text of ['2026-02-30', '2026-13-01', 'tomorrow', '']) expect(readDateEntry(text)).toBeNull()
})

it('adds days across months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
})

it('turns the wall clock of a zone into an instant and back', () => {
  expect(localToInstant('2026-03-05 09:30', 'Asia/Shanghai')).toBe('2026-03-05T01:30:00.000Z')
  expect(instantToLocal('2026-03-05T01:30:00.000Z', 'Asia/Shanghai')).toBe('2026-03-05 09:30')
  // The day New York springs forward.
  expect(localToInstant('2026-03-08 12:00', 'America/New_York')).toBe('2026-03-08T16:00:00.000Z')
  expect(instantToLocal('2026-03-08T16:00:00Z', 'America/New_York')).toBe('2026-03-08 12:00')
})
