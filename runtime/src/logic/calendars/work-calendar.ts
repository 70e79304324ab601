import type { CalendarDefinition } from '../../definition/calendar.ts'
import type { Text } from '../../text.ts'
import { dateOfDay, dayNumber, formatDate, parseDate } from '../calendar.ts'
import { instantOf, microsOf, momentOf } from './zone.ts'

/** What rules need of a calendar, worked out once: every worked day and every stretch of working hours. */
export interface WorkCalendar {
  readonly key: string
  readonly title: Text
  readonly timeZone: string
  /** First and last day that it covers. */
  readonly from: string
  readonly to: string
  /** Every worked day of the time it covers, in order. */
  readonly workdays: readonly string[]
  /** Days of the week's work that are off, and days off that are worked, by their names. */
  readonly named: ReadonlyMap<string, { readonly title: Text; readonly work: boolean }>
  /** Working hours as stretches of time; worked out when first asked for. */
  spans(): WorkSpans
}

/** Stretches of working time in order, as instants in the form of `normaliseInstant`. */
export interface WorkSpans {
  readonly starts: readonly string[]
  /** Microseconds since 1970 at which each begins and ends, and the working time before it. */
  readonly startMicros: readonly bigint[]
  readonly endMicros: readonly bigint[]
  readonly before: readonly bigint[]
  /** The moments between which the calendar knows the hours: midnight of its first day, and after its last. */
  readonly opens: bigint
  readonly closes: bigint
}

/** Days of the week as calendars name them. Day 0 of the count of days is a Monday. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
type Hours = CalendarDefinition['hours']

const kept = new WeakMap<CalendarDefinition, WorkCalendar>()

/** The calendar as rules reckon with it. Its definition has passed its checks. */
export function workCalendar(definition: CalendarDefinition): WorkCalendar {
  const known = kept.get(definition)
  if (known) return known
  const made = build(definition)
  kept.set(definition, made)
  return made
}

function build(definition: CalendarDefinition): WorkCalendar {
  const { key, title, covers, days, timezone } = definition
  const named = new Map<string, { title: Text; work: boolean; hours?: Hours }>()
  for (const day of days) {
    for (const date of eachDay(day.from, day.to ?? day.from)) {
      named.set(date, { title: day.title, work: day.work, ...(day.hours ? { hours: day.hours } : {}) })
    }
  }
  const regular = new Set<string>(definition.workdays)
  const worked: { date: string; hours: Hours }[] = []
  for (const date of eachDay(covers.from, covers.to)) {
    const weekday = weekdays[dayNumber(parseDate(date)!) % 7]!
    const special = named.get(date)
    if (!(special ? special.work : regular.has(weekday))) continue
    const own = (definition.hoursOf as Partial<Record<string, Hours>> | undefined)?.[weekday]
    worked.push({
      date,
      hours: special?.hours ?? (regular.has(weekday) ? own : undefined) ?? definition.hours,
    })
  }
  let spans: WorkSpans | null = null
  return {
    key,
    title,
    timeZone: timezone,
    from: covers.from,
    to: covers.to,
    workdays: worked.map(({ date }) => date),
    named,
    spans: () => {
      spans ??= buildSpans(worked, timezone, covers)
      return spans
    },
  }
}

function buildSpans(
  worked: readonly { date: string; hours: Hours }[],
  timeZone: string,
  covers: { from: string; to: string },
): WorkSpans {
  const starts: string[] = []
  const startMicros: bigint[] = []
  const endMicros: bigint[] = []
  const before: bigint[] = []
  let sum = 0n
  for (const { date, hours } of worked) {
    for (const { from, to } of hours) {
      const [start, end] = [
        momentOf(timeZone, date, minutesOf(from)),
        momentOf(timeZone, date, minutesOf(to)),
      ]
      // The clock can skip a whole stretch when it is set forward.
      if (end <= start) continue
      starts.push(instantOf(start))
      startMicros.push(BigInt(start) * 1_000_000n)
      endMicros.push(BigInt(end) * 1_000_000n)
      before.push(sum)
      sum += BigInt(end - start) * 1_000_000n
    }
  }
  const opens = microsOf(instantOf(momentOf(timeZone, covers.from, 0)))
  const closes = microsOf(instantOf(momentOf(timeZone, covers.to, 1440)))
  return { starts, startMicros, endMicros, before, opens, closes }
}

export function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
}

/** Every date from the first to the last. */
export function* eachDay(from: string, to: string): Generator<string> {
  const last = dayNumber(parseDate(to)!)
  for (let day = dayNumber(parseDate(from)!); day <= last; day++) yield formatDate(dateOfDay(day))
}

/** How many entries of a sorted list come before `value` or equal it. */
export function countUpTo<T extends string | bigint>(sorted: readonly T[], value: T): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}
