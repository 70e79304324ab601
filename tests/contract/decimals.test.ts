import {
  compareDecimals,
  decimalFromNumber,
  divideDecimals,
  formatDecimal,
  formatDecimalTrimmed,
  multiplyDecimals,
  parseDecimal,
  type RoundingMode,
  roundDecimal,
  roundingModes,
  sumDecimals,
} from '@channelwright/runtime/logic/decimal.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** Rounds the fraction n/d by the definition of the mode, in BigInt alone: nothing of the code under test. */
function roundFraction(n: bigint, d: bigint, mode: RoundingMode): bigint {
  if (d < 0n) return roundFraction(-n, -d, mode)
  const floor = n >= 0n || n % d === 0n ? n / d : n / d - 1n
  const rest = n - floor * d
  if (rest === 0n) return floor
  const twice = 2n * rest
  switch (mode) {
    case 'floor':
      return floor
    case 'ceil':
      return floor + 1n
    case 'down':
      return n >= 0n ? floor : floor + 1n
    case 'up':
      return n >= 0n ? floor + 1n : floor
    case 'half_up':
      return twice > d || (twice === d && n > 0n) ? floor + 1n : floor
    case 'half_even':
      return twice > d || (twice === d && floor % 2n !== 0n) ? floor + 1n : floor
  }
}

const units = fc.oneof(
  fc.bigInt(-1000n, 1000n),
  fc.bigInt(-(10n ** 18n), 10n ** 18n),
  fc.bigInt(-(10n ** 26n), 10n ** 26n),
)
const decimalText = (u: bigint, scale: number) => {
  const digits = (u < 0n ? -u : u).toString().padStart(scale + 1, '0')
  const cut = digits.length - scale
  return `${u < 0n ? '-' : ''}${digits.slice(0, cut)}${scale ? `.${digits.slice(cut)}` : ''}`
}
const mode = fc.constantFrom(...roundingModes)
const scale = fc.integer({ min: 0, max: 8 })

describe('exact decimals', () => {
  test('round as each mode is defined', () => {
    fc.assert(
      fc.property(units, scale, scale, mode, (u, from, to, how) => {
        const wanted =
          to >= from ? u * 10n ** BigInt(to - from) : roundFraction(u, 10n ** BigInt(from - to), how)
        expect(formatDecimal(roundDecimal(decimalText(u, from), to, how))).toBe(decimalText(wanted, to))
      }),
      { numRuns: 3000 },
    )
  })

  test('divide as each mode is defined', () => {
    fc.assert(
      fc.property(units, units, scale, mode, (a, b, places, how) => {
        fc.pre(b !== 0n)
        const wanted = roundFraction(a * 10n ** BigInt(places), b, how)
        expect(formatDecimal(divideDecimals(decimalText(a, 2), decimalText(b, 2), places, how))).toBe(
          decimalText(wanted, places),
        )
      }),
      { numRuns: 3000 },
    )
  })

  test('add, multiply and compare as whole numbers do', () => {
    fc.assert(
      fc.property(units, units, scale, (a, b, s) => {
        const [x, y] = [decimalText(a, s), decimalText(b, s)]
        expect(formatDecimal(sumDecimals([x, y]))).toBe(decimalText(a + b, s))
        expect(formatDecimal(multiplyDecimals(x, y))).toBe(decimalText(a * b, 2 * s))
        expect(compareDecimals(x, y)).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
      { numRuns: 2000 },
    )
  })

  test('take numbers by their shortest text, and none that JSON may have changed', () => {
    expect(formatDecimal(decimalFromNumber(0.1)!)).toBe('0.1')
    expect(formatDecimal(decimalFromNumber(1e21)!)).toBe('1000000000000000000000')
    expect(formatDecimal(decimalFromNumber(1.23e-7)!)).toBe('0.000000123')
    expect(decimalFromNumber(0.1 + 0.2)).toBeNull()
    expect(decimalFromNumber(Number.NaN)).toBeNull()
  })

  test('have one text for zero, and none for what is no number', () => {
    expect(formatDecimalTrimmed('-0.00')).toBe('0')
    for (const text of ['', '.5', '5.', '1e5', '+1', ' 1', '1,000', '０', 'NaN'])
      expect(parseDecimal(text)).toBeNull()
  })
})
