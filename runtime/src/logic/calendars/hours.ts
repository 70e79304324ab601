import { countUpTo, type WorkCalendar, type WorkSpans } from './work-calendar.ts'
import { instantOfMicros, microsOf } from './zone.ts'

/** Microseconds of an hour. */
export const hour = 3_600_000_000n

/** Working time from the calendar's beginning until a moment, in microseconds. */
function workedUntil({ startMicros, endMicros, before }: WorkSpans, moment: bigint): bigint {
  const at = countUpTo(startMicros, moment) - 1
  if (at < 0) return 0n
  const end = endMicros[at]!
  return before[at]! + (moment < end ? moment : end) - startMicros[at]!
}

function isCovered({ opens, closes }: WorkSpans, moment: bigint): boolean {
  return moment >= opens && moment <= closes
}

/** Working time from one instant to another, in microseconds; null where the calendar does not know the hours. */
export function workingTime(calendar: WorkCalendar, from: string, to: string): bigint | null {
  const spans = calendar.spans()
  const [a, b] = [microsOf(from), microsOf(to)]
  if (!isCovered(spans, a) || !isCovered(spans, b)) return null
  return workedUntil(spans, b) - workedUntil(spans, a)
}

/**
 * The instant at which so much working time has passed since `from` (or had still to pass, when negative); null where
 * the calendar does not reach. It falls on the end of a stretch rather than on the beginning of the next.
 */
export function addWorkingTime(calendar: WorkCalendar, from: string, micros: bigint): string | null {
  const spans = calendar.spans()
  const start = microsOf(from)
  if (!isCovered(spans, start)) return null
  if (micros === 0n) return from
  const target = workedUntil(spans, start) + micros
  const at = countUpTo(spans.before, micros > 0n ? target - 1n : target) - 1
  if (at < 0 || target < 0n) return null
  const moment = spans.startMicros[at]! + target - spans.before[at]!
  return moment > spans.endMicros[at]! ? null : instantOfMicros(moment)
}
