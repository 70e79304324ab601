import {
  calendarCovers,
  calendarDayOutside,
  calendarDayTwice,
  calendarHours,
  calendarZone,
} from '../errors/calendars.ts'
import { dayNumber, parseDate } from '../logic/calendar.ts'
import { eachDay, minutesOf } from '../logic/calendars/work-calendar.ts'
import { isTimeZone } from '../logic/calendars/zone.ts'
import type { CalendarDefinition } from './calendar.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { Report } from './report.ts'

/** Most days that one calendar covers. */
const mostDays = 366 * 10

/** The time zone exists, the days lie inside the years covered and none is told twice, hours follow each other. */
export function checkCalendar(calendar: CalendarDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const { covers, days, hours, hoursOf, timezone } = calendar
  if (!isTimeZone(timezone)) report.add(calendarZone, '/timezone', { name: timezone })
  const [first, last] = [parseDate(covers.from), parseDate(covers.to)]
  if (
    !first ||
    !last ||
    dayNumber(first) > dayNumber(last) ||
    dayNumber(last) - dayNumber(first) >= mostDays
  ) {
    report.add(calendarCovers, '/covers', { years: 10 })
    return report.diagnostics
  }
  checkHours(report, hours, '/hours')
  for (const [day, own] of Object.entries(hoursOf ?? {})) checkHours(report, own, `/hoursOf/${day}`)
  const told = new Set<string>()
  for (const [at, day] of days.entries()) {
    const path = `/days/${at}`
    const to = day.to ?? day.from
    if (!parseDate(day.from) || !parseDate(to) || to < day.from || day.from < covers.from || to > covers.to) {
      report.add(calendarDayOutside, path, { from: covers.from, to: covers.to })
      continue
    }
    if (day.hours) checkHours(report, day.hours, `${path}/hours`)
    for (const date of eachDay(day.from, to)) {
      if (told.has(date)) report.add(calendarDayTwice, path, { date })
      told.add(date)
    }
  }
  return report.diagnostics
}

function checkHours(report: Report, hours: CalendarDefinition['hours'] | undefined, path: string): void {
  let end = -1
  for (const [at, { from, to }] of (hours ?? []).entries()) {
    if (minutesOf(from) < end || minutesOf(to) <= minutesOf(from)) report.add(calendarHours, `${path}/${at}`)
    end = minutesOf(to)
  }
}
