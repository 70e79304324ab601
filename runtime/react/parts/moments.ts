import { instantToLocal } from '../../src/fields/date-entry.ts'
import { formatDate } from '../../src/fields/shared.ts'
import type { Locale } from '../../src/text.ts'

/** An instant as people of the workspace read it: the day in words, then the wall clock. */
export function formatMoment(instant: string, locale: Locale, timeZone: string): string {
  const local = instantToLocal(instant, timeZone)
  return local ? `${formatDate(local.slice(0, 10), locale)} ${local.slice(11)}` : instant
}

/** A sentence whose instants are said as people read them; what tells them writes them as they are kept. */
export function sayMoments(sentence: string, format: (instant: string) => string): string {
  return sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g, format)
}

/** Whole days from one calendar day to another; negative when it has passed. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** Today's calendar day in a time zone. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  return instantToLocal(now.toISOString(), timeZone)?.slice(0, 10) ?? now.toISOString().slice(0, 10)
}
