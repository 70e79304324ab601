import type { CalendarDefinition } from '@channelwright/runtime/definition/calendar.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { dateAt, dayOf } from './dates.ts'
import {
  type Compute,
  fail,
  type Moment,
  moment,
  num,
  quotient,
  type Run,
  type Sight,
  type Value,
  whole,
} from './values.ts'

// Workdays and working hours by walking day by day over the definition of the calendar.

const epoch = dayOf('1970-01-01')
const minute = 60_000_000n
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Minutes ahead of UTC, as the authorities have set them: `[from this moment, minutes]`. */
const zones: Readonly<Record<string, readonly (readonly [from: string, minutes: number])[]>> = {
  'Asia/Shanghai': [['2020-01-01T00:00:00Z', 480]],
  'America/New_York': [
    ['2025-11-02T06:00:00Z', -300],
    ['2026-03-08T07:00:00Z', -240],
    ['2026-11-01T06:00:00Z', -300],
  ],
  'Europe/London': [
    ['2025-10-26T01:00:00Z', 0],
    ['2026-03-29T01:00:00Z', 60],
    ['2026-10-25T01:00:00Z', 0],
  ],
}

interface Days {
  /** The days that are covered, in order, whether each is worked, and where each stands. */
  readonly dates: readonly string[]
  readonly worked: readonly boolean[]
  readonly places: ReadonlyMap<string, number>
  /** Stretches of working time. */
  readonly spans: readonly (readonly [from: bigint, to: bigint])[]
  readonly opens: bigint
  readonly closes: bigint
}
const known = new WeakMap<CalendarDefinition, Days>()

function daysOf(calendar: CalendarDefinition): Days {
  const found = known.get(calendar)
  if (found) return found
  const hours = new Map<string, CalendarDefinition['hours'] | null>()
  const { covers, timezone } = calendar
  for (let day = dayOf(covers.from); day <= dayOf(covers.to); day++) {
    const date = dateAt(day)
    hours.set(date, hoursOf(calendar, date))
  }
  const spans = [...hours].flatMap(([date, list]) =>
    (list ?? []).map(({ from, to }) => [onWall(timezone, date, from), onWall(timezone, date, to)] as const),
  )
  const made = {
    dates: [...hours.keys()],
    worked: [...hours.values()].map((list) => list !== null),
    places: new Map([...hours.keys()].map((date, place) => [date, place])),
    spans: spans.filter(([from, to]) => from < to),
    opens: onWall(timezone, covers.from, '00:00'),
    closes: onWall(timezone, covers.to, '24:00'),
  }
  known.set(calendar, made)
  return made
}

/** The last day listed that names the date decides, else the day of the week. */
function hoursOf(calendar: CalendarDefinition, date: string): CalendarDefinition['hours'] | null {
  const weekday = weekdays[dayOf(date) % 7]!
  const regular = calendar.workdays.includes(weekday)
  const special = calendar.days.findLast(({ from, to }) => from <= date && date <= (to ?? from))
  if (!(special?.work ?? regular)) return null
  const own = (calendar.hoursOf as Partial<Record<string, CalendarDefinition['hours']>> | undefined)?.[
    weekday
  ]
  return special?.hours ?? (regular ? own : undefined) ?? calendar.hours
}

/** When the wall shows the time: the first of two, or the moment at which a time that is left out is passed over. */
function onWall(zone: string, date: string, clock: string): bigint {
  const wall = BigInt((dayOf(date) - epoch) * 1440 + Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)))
  const spells = zones[zone]!.map(([from, minutes], i, all) => {
    const next = all[i + 1]?.[0]
    return {
      from: moment(from).micros,
      to: next === undefined ? null : moment(next).micros,
      ahead: BigInt(minutes),
    }
  })
  for (const { from, to, ahead } of spells) {
    const at = (wall - ahead) * minute
    if (at < from) return from
    if (to === null || at < to) return at
  }
  return fail(`no offset of ${zone} at ${date}`)
}

function calendarOf(name: Json | undefined, { world }: Sight): CalendarDefinition {
  const calendar = world.calendars.get(String(name))
  if (!calendar) throw new TypeError(`no calendar ${String(name)}`)
  return calendar
}

function placeOf(days: Days, date: string): number {
  return days.places.get(date) ?? fail('outside the calendar')
}

/** One day after the other, until so many worked ones have passed. */
function addWorkdays(days: Days, date: string, n: bigint): string {
  let place = placeOf(days, date)
  for (let left = n < 0n ? -n : n; left > 0n; ) {
    place += n > 0n ? 1 : -1
    const worked = days.worked[place] ?? fail('outside the calendar')
    if (worked) left -= 1n
  }
  return days.dates[place]!
}

/** Worked days from behind the first date to the second; backwards they count less. */
function workdaysBetween(days: Days, from: string, to: string): number {
  const [first, last] = [placeOf(days, from), placeOf(days, to)]
  const step = first <= last ? 1 : -1
  let count = 0
  for (let place = first; place !== last; ) {
    place += step
    if (days.worked[place]) count += step
  }
  return count
}

function covered({ opens, closes }: Days, at: Moment): bigint {
  return at.micros < opens || at.micros > closes ? fail('outside the calendar') : at.micros
}

/** Working time between two moments, the first not the later. */
function workedTime({ spans }: Days, from: bigint, to: bigint): bigint {
  let sum = 0n
  for (const [start, end] of spans) {
    const [a, b] = [start > from ? start : from, end < to ? end : to]
    if (b > a) sum += b - a
  }
  return sum
}

/** The first moment after which so much was worked; backwards the last before which it will be. */
function addWorked(days: Days, from: bigint, micros: bigint): bigint {
  let left = micros < 0n ? -micros : micros
  if (left === 0n) return from
  const spans = micros > 0n ? days.spans : [...days.spans].reverse()
  for (const [start, end] of spans) {
    const [a, b] = micros > 0n ? [start > from ? start : from, end] : [start, end < from ? end : from]
    if (b <= a) continue
    if (b - a >= left) return micros > 0n ? a + left : b - left
    left -= b - a
  }
  return fail('outside the calendar')
}

export function calendarOperators(run: Run): Readonly<Record<string, Compute>> {
  const on =
    (make: (days: Days, ...values: Value[]) => Value): Compute =>
    (operands, sight) =>
      make(
        daysOf(calendarOf(operands.at(-1), sight)),
        ...operands.slice(0, -1).map((operand) => run(operand, sight)),
      )
  return {
    is_workday: on((days, date) => days.worked[placeOf(days, date as string)]!),
    workday_add: on((days, date, n) => addWorkdays(days, date as string, num(n!).n)),
    workdays_between: on((days, from, to) => whole(workdaysBetween(days, from as string, to as string))),
    business_hours_add: on((days, from, hours) => {
      const { n, s } = num(hours!)
      return {
        micros: addWorked(days, covered(days, moment(from!)), (n * 60n * minute) / 10n ** BigInt(s)),
      }
    }),
    business_hours_between: on((days, a, b) => {
      const [from, to] = [covered(days, moment(a!)), covered(days, moment(b!))]
      const time = from <= to ? workedTime(days, from, to) : -workedTime(days, to, from)
      return quotient({ n: time, s: 0 }, { n: 60n * minute, s: 0 }, 4, 'half_up')
    }),
  }
}
