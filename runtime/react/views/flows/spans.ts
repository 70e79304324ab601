import type { Locale } from '../../../src/text.ts'

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A length of time in words, in its largest unit; below a minute in seconds. */
export function formatSpan(seconds: number, locale: Locale, unitDisplay: 'long' | 'short' = 'long'): string {
  const long = Math.abs(seconds)
  const [unit, size] = units.find(([, size]) => long >= size) ?? (['second', 1] as const)
  const amount = long / size
  return new Intl.NumberFormat(locale === 'zh' ? 'zh-CN' : 'en', {
    style: 'unit',
    unit,
    unitDisplay,
    maximumFractionDigits: amount < 10 && unit !== 'second' && unit !== 'minute' ? 1 : 0,
  }).format(amount)
}

/** Seconds from one instant to another; negative when it has passed. */
export function secondsBetween(from: string | number | Date, to: string): number {
  return (Date.parse(to) - new Date(from).getTime()) / 1000
}
