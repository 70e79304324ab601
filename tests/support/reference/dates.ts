import { fail } from './values.ts'

// Dates by counting days one month at a time from 0001-01-01: no calendar of the language takes part.

const leap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
const monthLength = (y: number, m: number) =>
  m === 2 ? (leap(y) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31

export const partsOf = (date: string) => date.split('-').map(Number) as [number, number, number]

export const dateText = (y: number, m: number, d: number) =>
  `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`

/** Days since 0001-01-01, which was a Monday. */
export function dayOf(date: string): number {
  const [y, m, d] = partsOf(date)
  const before = y - 1
  let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  for (let month = 1; month < m; month++) days += monthLength(y, month)
  return days + d - 1
}

export function dateAt(day: number): string {
  if (day < 0) return fail('before 0001')
  let y = Math.floor(day / 366) + 1
  while (dayOf(dateText(y + 1, 1, 1)) <= day) y += 1
  if (y > 9999) return fail('after 9999')
  let m = 1
  while (m < 12 && dayOf(dateText(y, m + 1, 1)) <= day) m += 1
  return dateText(y, m, day - dayOf(dateText(y, m, 1)) + 1)
}

export function addMonths(date: string, months: bigint): string {
  const [y, m, d] = partsOf(date)
  const all = BigInt(y * 12 + m - 1) + months
  if (all < 12n || all > 119999n) return fail('out of the calendar')
  const [year, month] = [Number(all / 12n), Number(all % 12n) + 1]
  return dateText(year, month, Math.min(d, monthLength(year, month)))
}

export function addDays(date: string, days: bigint): string {
  const day = BigInt(dayOf(date)) + days
  return day < 0n || day > 3652058n ? fail('out of the calendar') : dateAt(Number(day))
}

export function monthsBetween(a: string, b: string): number {
  const [x, y] = [partsOf(a), partsOf(b)]
  const months = (y[0] - x[0]) * 12 + y[1] - x[1]
  if (months > 0 && y[2] < x[2]) return months - 1
  return months < 0 && y[2] > x[2] ? months + 1 : months
}
