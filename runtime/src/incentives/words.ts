import { formatDecimal, formatDecimalTrimmed, toDecimal } from '../logic/decimal.ts'
import { multiply } from './arithmetic.ts'

/** Currencies that people write without a fraction. */
const whole = new Set(['JPY', 'KRW', 'VND'])

/** An amount as people read it: `1,000.00`. Its digits beyond the usual are kept. */
export function showAmount(value: string, currency: string): string {
  const shortest = toDecimal(formatDecimalTrimmed(value))
  return groupDigits(formatDecimal(shortest, Math.max(shortest.scale, whole.has(currency) ? 0 : 2)))
}

/** A number that is no amount of money, such as a count: `1,200`. */
export function showNumber(value: string): string {
  return groupDigits(formatDecimalTrimmed(value))
}

/** A fraction as people read it: `0.035` → `3.5%`. */
export function showPercent(value: string): string {
  return `${showNumber(multiply(value, 100))}%`
}

function groupDigits(text: string): string {
  const point = text.indexOf('.')
  const end = point < 0 ? text.length : point
  return text.slice(0, end).replace(/\B(?=(\d{3})+$)/g, ',') + text.slice(end)
}
