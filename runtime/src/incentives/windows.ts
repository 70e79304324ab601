import type { PlanDefinition } from '../definition/plan.ts'
import { daysInMonth, formatDate, parseDate } from '../logic/calendar.ts'

export type PlanWindow = PlanDefinition['window']

/** Months in one window; null: each event is a window of its own. */
export const windowMonths: Readonly<Record<PlanWindow, number | null>> = {
  event: null,
  month: 1,
  quarter: 3,
  year: 12,
}

/** First and last day of the window that `day` (ISO date) lies in. Throws a RangeError when it is no date. */
export function windowOf(window: PlanWindow, day: string): { readonly from: string; readonly to: string } {
  const date = parseDate(day)
  if (date === null) throw new RangeError(`not a date: ${day.slice(0, 20)}`)
  const months = windowMonths[window]
  if (months === null) return { from: day, to: day }
  const first = date.month - ((date.month - 1) % months)
  const last = first + months - 1
  return {
    from: formatDate({ year: date.year, month: first, day: 1 }),
    to: formatDate({ year: date.year, month: last, day: daysInMonth(date.year, last) }),
  }
}

/** The same as SQL over an expression of type date. */
export function windowSql(window: PlanWindow, day: string): { readonly from: string; readonly to: string } {
  const months = windowMonths[window]
  if (months === null) return { from: day, to: day }
  const from = `date_trunc('${window}', ${day}::timestamp)::date`
  return {
    from,
    to: `(date_trunc('${window}', ${day}::timestamp) + interval '${months} months' - interval '1 day')::date`,
  }
}
