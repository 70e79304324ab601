import { groupDecimal, padDecimal, shiftDecimal } from '../../src/fields/decimal-text.ts'
import { formatMoney } from '../../src/fields/money/currency.ts'

/** An exact amount for reading: `¥1,234.50`, `-¥5.00`. */
export function formatAmount(amount: string, currency: string): string {
  return formatMoney(amount, currency, currency === 'JPY' ? 0 : 2)
}

/** A fraction as a percentage: `0.015` → `1.5%`. */
export function formatRate(fraction: string): string {
  return `${groupDecimal(shiftDecimal(fraction, 2))}%`
}

/** A measure's value: grouped; whole numbers without a fraction, others with two places at least. */
export function formatMeasure(value: string): string {
  const short = value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value
  return groupDecimal(short.includes('.') ? padDecimal(short, 2) : short)
}

/** How far one decimal is on the way to another, for a bar: 0 to 100. Drawn, never computed with. */
export function shareOf(part: string, lacks: string): number {
  const [have, missing] = [Number.parseFloat(part), Number.parseFloat(lacks)]
  const whole = have + missing
  return whole > 0 ? Math.min(100, Math.max(0, (have / whole) * 100)) : 0
}
