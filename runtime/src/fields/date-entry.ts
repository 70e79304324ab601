import { isDate } from './formats.ts'

/** The day that a person meant by `2026-3-5`, `2026/03/05`, `2026.3.5`, `20260305`, `2026年3月5日`; null if none. */
export function readDateEntry(text: string): string | null {
  const match = /^\s*(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?\s*$/.exec(text)
  if (!match) return null
  const day = `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}`
  return isDate(day) ? day : null
}

/** The calendar day so many days later (or earlier). */
export function addDays(day: string, days: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10)
}

/** How far local time is ahead of UTC at an instant, in minutes. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(new Date(instant))
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  return Math.round((local - instant) / 60_000)
}

/** `2026-03-05 09:30` on the wall of a time zone → the instant in UTC. */
export function localToInstant(local: string, timeZone: string): string | null {
  const wall = Date.parse(`${local.slice(0, 10)}T${local.slice(11, 16) || '00:00'}:00Z`)
  if (Number.isNaN(wall)) return null
  // The offset depends on the instant sought: a second look settles it at a change of clocks.
  const first = wall - offsetAt(wall, timeZone) * 60_000
  return new Date(wall - offsetAt(first, timeZone) * 60_000).toISOString()
}

/** An instant as the wall clock of a time zone shows it: `2026-03-05 09:30`. */
export function instantToLocal(instant: string, timeZone: string): string | null {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return null
  return new Date(at + offsetAt(at, timeZone) * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}
