import { groupDecimal, padDecimal } from '../decimal-text.ts'

/** Signs that a reader of either language knows. */
const signs: Readonly<Record<string, string>> = {
  CNY: '¥',
  USD: '$',
  EUR: '€',
  GBP: '£',
  HKD: 'HK$',
  JPY: 'JP¥',
  SGD: 'S$',
  TWD: 'NT$',
  KRW: '₩',
  INR: '₹',
}

/** The currency's sign, else its code. */
export function signOf(currency: string): string {
  return signs[currency] ?? currency
}

/** `¥1,234.50`, `-¥5.00`, `CHF 12.00`; for amounts that belong to no field too. */
export function formatMoney(amount: string, currency: string, places: number): string {
  const grouped = groupDecimal(padDecimal(amount, places))
  const sign = signs[currency] ?? `${currency} `
  return grouped.startsWith('-') ? `-${sign}${grouped.slice(1)}` : sign + grouped
}
