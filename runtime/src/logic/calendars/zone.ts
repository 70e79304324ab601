import { dateOfDay, dayNumber, formatDate, parseDate } from '../calendar.ts'

/** Days from 0001-01-01 to 1970-01-01. */
const epochDay = dayNumber({ year: 1970, month: 1, day: 1 })

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    })
    formats.set(timeZone, format)
  }
  return format
}

/** Whether the time zone is one that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/** Seconds that the wall clock of the zone is ahead of UTC at a moment, in seconds since 1970. */
export function zoneOffset(timeZone: string, seconds: number): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(seconds * 1000))
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const day = dayNumber({ year: part('year'), month: part('month'), day: part('day') }) - epochDay
  return day * 86_400 + part('hour') * 3600 + part('minute') * 60 + part('second') - seconds
}

/**
 * The moment, in seconds since 1970, at which the wall clock of the zone shows `minutes` of the day `date`. A time
 * that the clock skips counts as the moment it skips to; one that it shows twice, as the first.
 */
export function momentOf(timeZone: string, date: string, minutes: number): number {
  const civil = parseDate(date)
  if (!civil) throw new RangeError(`not a date: ${date}`)
  const wall = (dayNumber(civil) - epochDay) * 86_400 + minutes * 60
  const before = zoneOffset(timeZone, wall - 86_400)
  const after = zoneOffset(timeZone, wall + 86_400)
  if (before === after) return wall - before
  // The clock is set on this day or beside it: the earlier reading that shows this time, if there is one.
  const readings = [wall - before, wall - after].sort((a, b) => a - b)
  const exact = readings.find((moment) => moment + zoneOffset(timeZone, moment) === wall)
  return exact ?? changeBetween(timeZone, readings[0]!, readings[1]!)
}

/** The first moment at which the zone has another offset than at `from`; there is one until `to`. */
function changeBetween(timeZone: string, from: number, to: number): number {
  const offset = zoneOffset(timeZone, from)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zoneOffset(timeZone, middle) === offset) low = middle
    else high = middle
  }
  return high
}

/** A moment in seconds since 1970 in the form of `normaliseInstant`. */
export function instantOf(seconds: number, micros = 0): string {
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  const pad = (n: number, width: number) => String(n).padStart(width, '0')
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60]
    .map((n) => pad(n, 2))
    .join(':')
  return `${formatDate(dateOfDay(days + epochDay))}T${clock}.${pad(micros, 6)}Z`
}

/** Microseconds since 1970 of an instant in the form of `normaliseInstant`. A whole number below 2^53 until 2255. */
export function microsOf(instant: string): bigint {
  const civil = parseDate(instant.slice(0, 10))
  if (!civil) throw new RangeError(`not an instant: ${instant}`)
  const seconds =
    (dayNumber(civil) - epochDay) * 86_400 +
    Number(instant.slice(11, 13)) * 3600 +
    Number(instant.slice(14, 16)) * 60 +
    Number(instant.slice(17, 19))
  return BigInt(seconds) * 1_000_000n + BigInt(instant.slice(20, 26))
}

/** The instant of so many microseconds since 1970. */
export function instantOfMicros(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  return instantOf(Number((micros - rest) / 1_000_000n), Number(rest))
}

/** The date that the wall of the zone shows at an instant in the form of `normaliseInstant`. */
export function dateInZone(timeZone: string, instant: string): string {
  const seconds = Number(microsOf(instant) / 1_000_000n)
  return instantOf(seconds + zoneOffset(timeZone, seconds)).slice(0, 10)
}
