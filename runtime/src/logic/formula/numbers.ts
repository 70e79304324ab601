import type { Json } from '../../json.ts'
import { decimalFromNumber, formatDecimal } from '../decimal.ts'

/** The number in plain digits, the shortest text that says it; null where 15 digits do not. */
export function plainNumber(value: number): string | null {
  const exact = decimalFromNumber(value)
  return exact && !Object.is(value, -0) ? formatDecimal(exact) : null
}

/** Digits of a formula as JSON: a number where it says exactly these digits, else `{"dec": …}`. */
export function readNumber(digits: string): Json {
  const value = Number(digits)
  return plainNumber(value) === digits ? value : { dec: digits }
}

/** `3.5` per cent as digits: `0.035`, without zeros at the end. */
export function readPercent(percent: string): string {
  const [whole = '', places = ''] = percent.split('.')
  const padded = whole.padStart(3, '0')
  const head = padded.slice(0, -2).replace(/^0+(?=\d)/, '')
  const tail = `${padded.slice(-2)}${places}`.replace(/0+$/, '')
  return tail === '' ? head : `${head}.${tail}`
}

/** Digits below one with two places or more as a percentage, `0.035` as `3.5`; null where a percentage says otherwise. */
export function writePercent(digits: string): string | null {
  const found = /^0\.(\d\d)(\d*)$/.exec(digits)
  if (!found) return null
  const [, two = '', rest = ''] = found
  const percent = `${two.replace(/^0(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`
  return readPercent(percent) === digits ? percent : null
}
