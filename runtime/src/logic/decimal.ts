import {
  addUnits,
  divideUnits,
  formatUnits,
  formatUnitsTrimmed,
  multiplyUnits,
  negateUnits,
  type RoundingMode,
  rescaleUnits,
  roundingModes,
  shiftUnits,
  subtractUnits,
  type Units,
} from './scaled.ts'

export { type RoundingMode, roundingModes }

/** An exact decimal: `units` · 10^-`scale`. Make one with `parseDecimal` or `toDecimal`. Immutable. */
export interface Decimal {
  readonly units: Units
  /** Digits after the point, 0 or more. */
  readonly scale: number
}

/** What the functions here take: a decimal, its text (`"1234.50"`), or a whole number. */
export type DecimalInput = Decimal | string | number | bigint

/** Largest scale and number of digits before the point that rules compute with. */
export const maxScale = 20
export const maxIntegerDigits = 20

const decimalText = /^(-?)([0-9]{1,1000})(?:\.([0-9]{1,1000}))?$/

/** The decimal written in `text`, or null when it is not one. Takes no exponent, no plus sign, no spaces. */
export function parseDecimal(text: string): Decimal | null {
  const match = decimalText.exec(text)
  if (!match) return null
  const fraction = match[3] ?? ''
  const digits = match[2] + fraction
  const size = digits.length <= 15 ? Number(digits) : canonical(BigInt(digits))
  return { units: match[1] ? negateUnits(size) : size, scale: fraction.length }
}

function canonical(value: bigint): Units {
  return addUnits(value, 0)
}

/**
 * The exact decimal that a JSON number stands for: its shortest text. null for NaN, infinities, and numbers of more
 * than 15 significant digits, which JSON may already have changed on the way.
 */
export function decimalFromNumber(value: number): Decimal | null {
  if (!Number.isFinite(value)) return null
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
  if (!match) return null
  const fraction = match[3] ?? ''
  const exponent = Number(match[4] ?? 0) - fraction.length
  const digits = (match[2] + fraction).replace(/^0+/, '')
  if (digits.replace(/0+$/, '').length > 15 || Math.abs(exponent) > 400) return null
  const size = canonical(BigInt(digits === '' ? '0' : digits))
  const signed = match[1] ? negateUnits(size) : size
  return exponent >= 0
    ? { units: shiftUnits(signed, exponent), scale: 0 }
    : { units: signed, scale: -exponent }
}

/** The input as a decimal. Throws a RangeError for text that is none: check input from outside with `parseDecimal`. */
export function toDecimal(input: DecimalInput): Decimal {
  if (typeof input === 'object') return input
  if (typeof input === 'bigint') return { units: canonical(input), scale: 0 }
  const decimal = typeof input === 'string' ? parseDecimal(input) : decimalFromNumber(input)
  if (!decimal) throw new RangeError(`not an exact decimal: ${String(input).slice(0, 50)}`)
  return decimal
}

/** As text with exactly `scale` digits after the point, rounded by `mode` if it has more; default its own scale. */
export function formatDecimal(input: DecimalInput, scale?: number, mode: RoundingMode = 'half_up'): string {
  const decimal = toDecimal(input)
  if (scale === undefined || scale === decimal.scale) return formatUnits(decimal.units, decimal.scale)
  return formatUnits(rescaleUnits(decimal.units, decimal.scale, scale, mode), scale)
}

/** As text without zeros at the end of the fraction: the shortest way to write the value. */
export function formatDecimalTrimmed(input: DecimalInput): string {
  const { units, scale } = toDecimal(input)
  return formatUnitsTrimmed(units, scale)
}

function align(a: DecimalInput, b: DecimalInput): [Units, Units, number] {
  const x = toDecimal(a)
  const y = toDecimal(b)
  const scale = Math.max(x.scale, y.scale)
  return [shiftUnits(x.units, scale - x.scale), shiftUnits(y.units, scale - y.scale), scale]
}

export function addDecimals(a: DecimalInput, b: DecimalInput): Decimal {
  const [x, y, scale] = align(a, b)
  return { units: addUnits(x, y), scale }
}

export function subtractDecimals(a: DecimalInput, b: DecimalInput): Decimal {
  const [x, y, scale] = align(a, b)
  return { units: subtractUnits(x, y), scale }
}

/** Exact; the scale is the sum of both. */
export function multiplyDecimals(a: DecimalInput, b: DecimalInput): Decimal {
  const x = toDecimal(a)
  const y = toDecimal(b)
  return { units: multiplyUnits(x.units, y.units), scale: x.scale + y.scale }
}

/** Rounded to `scale` digits by `mode`. Throws a RangeError when `b` is zero. */
export function divideDecimals(
  a: DecimalInput,
  b: DecimalInput,
  scale: number,
  mode: RoundingMode = 'half_up',
): Decimal {
  const x = toDecimal(a)
  const y = toDecimal(b)
  if (y.units === 0) throw new RangeError('division by zero')
  return { units: divideScaled(x.units, x.scale, y.units, y.scale, scale, mode), scale }
}

/** Units at `scale` of (a·10^-aScale) / (b·10^-bScale). `b` is not 0. */
export function divideScaled(
  a: Units,
  aScale: number,
  b: Units,
  bScale: number,
  scale: number,
  mode: RoundingMode,
): Units {
  const shift = scale + bScale - aScale
  return shift >= 0 ? divideUnits(shiftUnits(a, shift), b, mode) : divideUnits(a, shiftUnits(b, -shift), mode)
}

/** Rounded to `scale` digits; a decimal of that scale or less keeps its value and gets the scale. */
export function roundDecimal(a: DecimalInput, scale: number, mode: RoundingMode = 'half_up'): Decimal {
  const x = toDecimal(a)
  return { units: rescaleUnits(x.units, x.scale, scale, mode), scale }
}

/** −1, 0 or 1. */
export function compareDecimals(a: DecimalInput, b: DecimalInput): -1 | 0 | 1 {
  const [x, y] = align(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

export function equalDecimals(a: DecimalInput, b: DecimalInput): boolean {
  return compareDecimals(a, b) === 0
}

export function minDecimal(first: DecimalInput, ...rest: DecimalInput[]): Decimal {
  return rest.reduce<Decimal>(
    (least, x) => (compareDecimals(x, least) < 0 ? toDecimal(x) : least),
    toDecimal(first),
  )
}

export function sumDecimals(values: Iterable<DecimalInput>): Decimal {
  let sum: Decimal = { units: 0, scale: 0 }
  for (const value of values) sum = addDecimals(sum, value)
  return sum
}
