import type { DatePart } from './measures.ts'

// Parts of the calendar that records are grouped by. A part is known by its first day; weeks are those of ISO 8601.

const milliseconds = 86_400_000
const timeOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The first day of the part that a day lies in: what `date_trunc` of Postgres gives. */
export function firstDayOf(day: string, part: DatePart): string {
  switch (part) {
    case 'day':
      return day
    case 'week': {
      const time = timeOf(day)
      return dayOf(time - ((new Date(time).getUTCDay() + 6) % 7) * milliseconds)
    }
    case 'month':
      return `${day.slice(0, 8)}01`
    case 'quarter': {
      const month = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1
      return `${day.slice(0, 5)}${String(month).padStart(2, '0')}-01`
    }
    case 'year':
      return `${day.slice(0, 5)}01-01`
  }
}

/** The last day of the part that begins with a day. */
export function lastDayOf(first: string, part: DatePart): string {
  if (part === 'day') return first
  if (part === 'week') return dayOf(timeOf(first) + 6 * milliseconds)
  const months = { month: 1, quarter: 3, year: 12 }[part]
  const next = new Date(timeOf(first))
  next.setUTCMonth(next.getUTCMonth() + months)
  return dayOf(next.getTime() - milliseconds)
}

/** Year and number of a week: that of its Thursday. */
export function weekOf(first: string): { readonly year: number; readonly week: number } {
  const thursday = timeOf(first) + 3 * milliseconds
  const year = new Date(thursday).getUTCFullYear()
  const start = timeOf(`${String(year).padStart(4, '0')}-01-01`)
  return { year, week: Math.floor((thursday - start) / milliseconds / 7) + 1 }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The part that begins with a day, as people write it: `2026 Q3`, `2026年第3季度`. Single days are no part. */
export function sayDatePart(first: string, part: Exclude<DatePart, 'day'>, locale: 'en' | 'zh'): string {
  const year = Number(first.slice(0, 4))
  const month = Number(first.slice(5, 7))
  const isChinese = locale === 'zh'
  switch (part) {
    case 'week': {
      const { year: of, week } = weekOf(first)
      return isChinese ? `${of}年第${week}周` : `${of} W${String(week).padStart(2, '0')}`
    }
    case 'month':
      return isChinese ? `${year}年${month}月` : `${months[month - 1]} ${year}`
    case 'quarter': {
      const quarter = (month + 2) / 3
      return isChinese ? `${year}年第${quarter}季度` : `${year} Q${quarter}`
    }
    case 'year':
      return isChinese ? `${year}年` : String(year)
  }
}
