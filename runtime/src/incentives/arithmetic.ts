import {
  addDecimals,
  compareDecimals,
  type DecimalInput,
  formatDecimalTrimmed,
  minDecimal,
  multiplyDecimals,
  subtractDecimals,
  sumDecimals,
} from '../logic/decimal.ts'

// The exact arithmetic of plans, on decimal texts: what is stored, shown and compared is the shortest text.

export const compare = compareDecimals

export function add(a: DecimalInput, b: DecimalInput): string {
  return formatDecimalTrimmed(addDecimals(a, b))
}

export function subtract(a: DecimalInput, b: DecimalInput): string {
  return formatDecimalTrimmed(subtractDecimals(a, b))
}

export function multiply(a: DecimalInput, b: DecimalInput): string {
  return formatDecimalTrimmed(multiplyDecimals(a, b))
}

export function minimum(a: DecimalInput, b: DecimalInput): string {
  return formatDecimalTrimmed(minDecimal(a, b))
}

export function sum(values: Iterable<DecimalInput>): string {
  return formatDecimalTrimmed(sumDecimals(values))
}
