import { dateOfDay, dayNumber, formatDate, parseDate } from '../../logic/calendar.ts'
import { dateInZone, instantOf, momentOf, zoneOffset } from '../../logic/calendars/zone.ts'

/** The times of a schedule, each field as the set of its values. */
export interface Cron {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>
  /** It names no hours: it comes again in the hour that the clock shows twice. */
  readonly everyHour: boolean
  /** Where both are restricted a day counts that satisfies either, as cron has always done. */
  readonly eitherDay: boolean
}

const fields = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const

/** Five fields of numbers, lists, ranges and steps: `0,30 9-17 * * 1-5`. Null when it is none. */
export function readCron(text: string): Cron | null {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length) return null
  const sets = parts.map((part, at) => readField(part, fields[at]?.[0] ?? 0, fields[at]?.[1] ?? 0))
  const [minutes, hours, days, months, week] = sets
  if (!minutes || !hours || !days || !months || !week) return null
  const weekdays = new Set([...week].map((day) => day % 7))
  const everyHour = hours.size === 24
  return {
    minutes,
    hours,
    days,
    months,
    weekdays,
    everyHour,
    eitherDay: parts[2] !== '*' && parts[4] !== '*',
  }
}

function readField(text: string, from: number, to: number): Set<number> | null {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part)
    if (match === null) return null
    const [, low, high, every] = match
    const first = low === undefined ? from : Number(low)
    const last = high === undefined ? (low === undefined || every !== undefined ? to : first) : Number(high)
    const step = every === undefined ? 1 : Number(every)
    if (first < from || last > to || first > last || step === 0) return null
    for (let value = first; value <= last; value += step) found.add(value)
  }
  return found
}

/** Days that are looked at; a schedule for 29 February comes once in eight years at worst. */
const farthest = 366 * 8 + 2

/**
 * The first time of the schedule after an instant, on the wall of a time zone; null when there is none. A time that the
 * clock skips comes when it skips to; one that it shows twice comes the first time, or both times where the schedule
 * names no hours.
 */
export function nextTime(cron: Cron, after: string, timeZone: string): string | null {
  const start = Date.parse(after) / 1000
  const today = dayIn(timeZone, start)
  for (let day = today; day < today + farthest; day++)
    for (const moment of timesOn(cron, day, timeZone)) if (moment > start) return instantOf(moment)
  return null
}

/** The last time of the schedule up to an instant; null when there was none. */
export function lastTime(cron: Cron, upTo: string, timeZone: string): string | null {
  const end = Date.parse(upTo) / 1000
  const today = dayIn(timeZone, end)
  for (let day = today; day > today - farthest; day--) {
    const last = [...timesOn(cron, day, timeZone)].findLast((moment) => moment <= end)
    if (last !== undefined) return instantOf(last)
  }
  return null
}

function dayIn(timeZone: string, seconds: number): number {
  const date = parseDate(dateInZone(timeZone, instantOf(Math.floor(seconds))))
  if (!date) throw new RangeError(`not a moment: ${seconds}`)
  return dayNumber(date)
}

/** The moments of one day, in seconds since 1970, in order. */
function* timesOn(cron: Cron, day: number, timeZone: string): Generator<number> {
  const date = formatDate(dateOfDay(day))
  if (!fallsOn(cron, date)) return
  const moments = wallTimes(cron).map((minute) => () => momentOf(timeZone, date, minute))
  const offset = zoneOffset(timeZone, momentOf(timeZone, date, 0))
  const later = zoneOffset(timeZone, momentOf(timeZone, formatDate(dateOfDay(day + 1)), 0))
  if (offset === later) {
    for (const moment of moments) yield moment()
    return
  }
  const found = new Set<number>()
  for (const reckon of moments) {
    const first = reckon()
    found.add(first)
    const again = first + offset - later
    const isShownTwice = again > first && zoneOffset(timeZone, first) === offset
    if (cron.everyHour && isShownTwice && zoneOffset(timeZone, again) === later) found.add(again)
  }
  yield* [...found].sort((a, b) => a - b)
}

/** Minutes of the day, in order. */
function wallTimes({ hours, minutes }: Cron): number[] {
  return sorted(hours).flatMap((hour) => sorted(minutes).map((minute) => hour * 60 + minute))
}

function fallsOn({ days, months, weekdays, eitherDay }: Cron, date: string): boolean {
  const [, month, day] = date.split('-').map(Number)
  if (!months.has(month ?? 0)) return false
  const inMonth = days.has(day ?? 0)
  const inWeek = weekdays.has(new Date(`${date}T00:00:00Z`).getUTCDay())
  return eitherDay ? inMonth || inWeek : inMonth && inWeek
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b)
}
