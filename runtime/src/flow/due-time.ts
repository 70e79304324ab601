import { addToDate, formatInstant, normaliseInstant } from '../logic/calendar.ts'
import { addWorkingTime, hour } from '../logic/calendars/hours.ts'
import { countUpTo, type WorkCalendar } from '../logic/calendars/work-calendar.ts'
import {
  dateInZone,
  instantOf,
  instantOfMicros,
  microsOf,
  momentOf,
  zoneOffset,
} from '../logic/calendars/zone.ts'

export const durationUnits = ['minute', 'hour', 'day', 'workday', 'workhour'] as const

/** A stretch of time: `{ after: 2, unit: 'workday' }`. */
export interface Duration {
  readonly after: number
  readonly unit: (typeof durationUnits)[number]
}

/** How a due time was reckoned, so that it can be again when the calendar has changed. */
export interface Reckoned extends Duration {
  readonly from: string
  /** The calendar that said when; missing where none could, and where nobody wrote it down yet. */
  readonly calendar?: ReckonedBy
  /** No change of the calendar moves it. */
  readonly frozen?: true
}

/** A calendar, and the release that it was of; 0: nobody said. */
export interface ReckonedBy {
  readonly key: string
  readonly release: number
}

export interface Due {
  readonly at: string
  /** False: the calendar is missing or does not reach so far, and days were counted instead of working time. */
  readonly exact: boolean
}

const minute = 60_000_000n
const day = 24n * hour

/**
 * The instant so long after another. Minutes and hours pass as they do; a day leads to the same time on the wall of
 * the calendar's zone; a workday to the same time of the next day that is worked, no later than its work ends; a
 * workhour counts working time only. From outside working hours a workday is counted from when work begins again.
 */
export function dueAfter(from: string, duration: Duration, calendar: WorkCalendar | undefined): Due {
  const { at, exact } = reckon(from, duration, calendar)
  return { at: formatInstant(at), exact }
}

function reckon(from: string, { after, unit }: Duration, calendar: WorkCalendar | undefined): Due {
  const start = normaliseInstant(from)
  if (start === null) throw new RangeError(`not an instant: ${from}`)
  const plus = (micros: bigint, exact: boolean): Due => ({
    at: instantOfMicros(microsOf(start) + micros),
    exact,
  })
  switch (unit) {
    case 'minute':
      return plus(BigInt(after) * minute, true)
    case 'hour':
      return plus(BigInt(after) * hour, true)
    case 'day':
      if (calendar === undefined) return plus(BigInt(after) * day, true)
      return {
        at: sameWall(
          calendar.timeZone,
          start,
          addToDate(dateInZone(calendar.timeZone, start), after, 'day') ?? start.slice(0, 10),
        ),
        exact: true,
      }
    case 'workhour': {
      const at = calendar && addWorkingTime(calendar, start, BigInt(after) * hour)
      // A working day has eight hours or so: better early than never.
      return at ? { at, exact: true } : plus((BigInt(after) * day) / 8n, false)
    }
    case 'workday': {
      const at = calendar && addWorkdays(calendar, start, after)
      return at ? { at, exact: true } : plus(BigInt(after) * day, false)
    }
  }
}

/** Null where the calendar does not reach. */
function addWorkdays(calendar: WorkCalendar, start: string, count: number): string | null {
  const zone = calendar.timeZone
  const { startMicros, endMicros } = calendar.spans()
  const now = microsOf(start)
  let base = start
  if (startMicros.length > 0) {
    const open = countUpTo(startMicros, now) - 1
    const isWorked = open >= 0 && now <= endMicros[open]!
    if (!isWorked) {
      const next = startMicros[open + 1]
      if (next === undefined) return null
      // Between two stretches of one day it is that day all the same.
      const sameDay = open >= 0 && dateInZone(zone, instantOfMicros(next)) === dateInZone(zone, start)
      if (!sameDay || dateInZone(zone, instantOfMicros(endMicros[open]!)) !== dateInZone(zone, start))
        base = instantOfMicros(next)
    }
  }
  const today = dateInZone(zone, base)
  if (today < calendar.from || today > calendar.to) return null
  const date = calendar.workdays[countUpTo(calendar.workdays, today) - 1 + count]
  if (date === undefined) return null
  const at = sameWall(zone, base, date)
  const last = countUpTo(startMicros, microsOf(instantOf(momentOf(zone, date, 1440)))) - 1
  if (last < 0) return at
  const closes = instantOfMicros(endMicros[last]!)
  return dateInZone(zone, closes) === date && closes < at ? closes : at
}

/** The instant at which the wall shows, on `date`, the time that it shows at `instant`. */
function sameWall(zone: string, instant: string, date: string): string {
  const micros = microsOf(instant)
  const seconds = Number(micros / 1_000_000n)
  const wall = seconds + zoneOffset(zone, seconds)
  const ofDay = ((wall % 86_400) + 86_400) % 86_400
  const moment = momentOf(zone, date, Math.floor(ofDay / 60)) + (ofDay % 60)
  return instantOf(moment, Number(micros % 1_000_000n))
}

/** Milliseconds from one instant to another; negative when it lies before. */
export function millisBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from)
}

export function plusMillis(from: string, millis: number): string {
  const start = normaliseInstant(from)
  if (start === null) throw new RangeError(`not an instant: ${from}`)
  return formatInstant(instantOfMicros(microsOf(start) + BigInt(Math.round(millis)) * 1000n))
}
