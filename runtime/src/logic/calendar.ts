/** Civil dates as ISO text, years 0001 to 9999, by arithmetic alone: no clock, no time zone. */

/** Days since 0001-01-01 of the last day that is dealt with, 9999-12-31. */
export const lastDay = 3652058

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
    ? 29
    : (monthDays[month - 1] ?? 0)
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** The date that `text` names, or null: `2024-02-30` is none. */
export function parseDate(text: string): CivilDate | null {
  const match = datePattern.exec(text)
  if (!match) return null
  const year = Number(match[1])
  const month = Number(match[2])
  const day = Number(match[3])
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return { year, month, day }
}

export function isDate(text: string): boolean {
  return parseDate(text) !== null
}

export function formatDate(date: CivilDate): string {
  const pad = (n: number, width: number) => String(n).padStart(width, '0')
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`
}

/** Days since 0001-01-01 in the Gregorian calendar. */
export function dayNumber({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 306
}

export function dateOfDay(days: number): CivilDate {
  const z = days + 306
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

export type DateUnit = (typeof dateUnits)[number]
export const dateUnits = ['day', 'month', 'year'] as const

/**
 * `text` plus `n` units; a month too short for the day takes its last day (2024-01-31 + 1 month = 2024-02-29), as
 * Postgres does. null when the result leaves the years 0001 to 9999.
 */
export function addToDate(text: string, n: number, unit: DateUnit): string | null {
  const date = parseDate(text)
  if (!date) return null
  if (unit === 'day') {
    const days = dayNumber(date) + n
    return days < 0 || days > lastDay ? null : formatDate(dateOfDay(days))
  }
  const months = date.year * 12 + date.month - 1 + (unit === 'year' ? n * 12 : n)
  if (months < 12 || months > 119999) return null
  const year = Math.floor(months / 12)
  const month = (months % 12) + 1
  return formatDate({ year, month, day: Math.min(date.day, daysInMonth(year, month)) })
}

/** Whole units from `from` to `to`, cut towards zero; negative when `to` is the earlier. Both are dates. */
export function dateDifference(from: string, to: string, unit: DateUnit): number {
  const a = parseDate(from)
  const b = parseDate(to)
  if (!a || !b) return Number.NaN
  if (unit === 'day') return dayNumber(b) - dayNumber(a)
  let months = (b.year - a.year) * 12 + b.month - a.month
  if (months > 0 && b.day < a.day) months -= 1
  if (months < 0 && b.day > a.day) months += 1
  return unit === 'month' ? months : Math.trunc(months / 12) + 0
}

const instantPattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}:\d{2})$/

/**
 * An ISO 8601 instant in one form that sorts as text: UTC with six digits of a second. null when `text` is none or
 * leaves the years 0001 to 9999.
 */
export function normaliseInstant(text: string): string | null {
  const match = instantPattern.exec(text)
  if (!match) return null
  const date = parseDate(match[1]!)
  const hour = Number(match[2])
  const minute = Number(match[3])
  const second = Number(match[4])
  if (!date || hour > 23 || minute > 59 || second > 59) return null
  const zone = match[6]!
  const shift =
    zone === 'Z' ? 0 : (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
  const minutes = dayNumber(date) * 1440 + hour * 60 + minute - shift
  const days = Math.floor(minutes / 1440)
  if (days < 0 || days > lastDay) return null
  const rest = minutes - days * 1440
  const pad = (n: number) => String(n).padStart(2, '0')
  const fraction = (match[5] ?? '').padEnd(6, '0')
  return `${formatDate(dateOfDay(days))}T${pad(Math.floor(rest / 60))}:${pad(rest % 60)}:${match[4]}.${fraction}Z`
}

/** As JSON carries it: milliseconds, microseconds only where there are some. Takes the form of `normaliseInstant`. */
export function formatInstant(normal: string): string {
  return normal.endsWith('000Z') ? `${normal.slice(0, 23)}Z` : normal
}
