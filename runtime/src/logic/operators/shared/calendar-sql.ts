import type { SqlCall } from '../../operator.ts'
import { date } from '../../rule-type.ts'
import type { RuleType } from '../../types.ts'
import { calendarOf } from './calendar-call.ts'

const dates: RuleType = { t: 'list', nullable: false, of: date }
const numbers: RuleType = { t: 'list', nullable: false, of: { t: 'dec', nullable: false, scale: 0 } }

/** Every worked day of the calendar, as one bound array. */
export function workdaysSql(call: SqlCall): string {
  return call.bind(calendarOf(call.node).workdays, dates)
}

/** Whether the calendar knows the day. */
export function coveredSql(call: SqlCall, day: string): string {
  const { from, to } = calendarOf(call.node)
  return `${day} BETWEEN ${call.bind(from, date)} AND ${call.bind(to, date)}`
}

/** Microseconds since 1970 of an instant, exact. */
export function microsSql(instant: string): string {
  return `(extract(epoch FROM ${instant}) * 1000000)`
}

/** The calendar's working hours as bound arrays of microseconds, and the moments between which it knows them. */
export function spansSql(call: SqlCall) {
  const { startMicros, endMicros, before, opens, closes } = calendarOf(call.node).spans()
  const texts = (values: readonly bigint[]) => call.bind(values.map(String), numbers)
  const one = (value: bigint) => call.bind(value.toString(), { t: 'dec', nullable: false, scale: 0 })
  return {
    starts: texts(startMicros),
    ends: texts(endMicros),
    before: texts(before),
    opens: one(opens),
    closes: one(closes),
  }
}

/** Working time, in microseconds, from the calendar's beginning until a moment. */
export function workedSql(spans: ReturnType<typeof spansSql>, micros: string): string {
  const at = `width_bucket(${micros}, ${spans.starts})`
  return `(CASE WHEN ${at} = 0 THEN 0 ELSE (${spans.before})[${at}] + LEAST(${micros}, (${spans.ends})[${at}]) - (${spans.starts})[${at}] END)`
}
