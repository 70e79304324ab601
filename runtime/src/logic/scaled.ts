/**
 * Exact whole numbers, the units of scaled decimals: a plain number while it is a safe integer, a BigInt beyond.
 * Always in that canonical form, so `===` compares values and `<` works across both. The plain numbers carry
 * nearly all money there is and are ten times as fast as BigInt.
 */
export type Units = number | bigint

export type RoundingMode = (typeof roundingModes)[number]
export const roundingModes = ['half_up', 'half_even', 'up', 'down', 'floor', 'ceil'] as const

const safe = Number.MAX_SAFE_INTEGER
const safeBig = BigInt(safe)

/** The canonical form of a BigInt. */
export function fromBig(value: bigint): Units {
  return value <= safeBig && value >= -safeBig ? Number(value) : value
}

const powersOfTen: readonly bigint[] = Array.from({ length: 64 }, (_, n) => 10n ** BigInt(n))

/** 10^n, 0 ≤ n. */
export function powerOfTen(n: number): bigint {
  return powersOfTen[n] ?? 10n ** BigInt(n)
}

export function addUnits(a: Units, b: Units): Units {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum <= safe && sum >= -safe) return sum
  }
  return fromBig(BigInt(a) + BigInt(b))
}

export function subtractUnits(a: Units, b: Units): Units {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (difference <= safe && difference >= -safe) return difference
  }
  return fromBig(BigInt(a) - BigInt(b))
}

export function multiplyUnits(a: Units, b: Units): Units {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    // `+ 0` turns -0 into 0, which Object.is and JSON would tell apart.
    if (product <= safe && product >= -safe) return product + 0
  }
  return fromBig(BigInt(a) * BigInt(b))
}

export function negateUnits(a: Units): Units {
  return typeof a === 'number' ? 0 - a : fromBig(-a)
}

export function absUnits(a: Units): Units {
  return a < 0 ? negateUnits(a) : a
}

export function lesserUnits(a: Units, b: Units): Units {
  if (b < a) return b
  return a
}

export function greaterUnits(a: Units, b: Units): Units {
  if (b > a) return b
  return a
}

/** a · 10^n, 0 ≤ n. */
export function shiftUnits(a: Units, n: number): Units {
  if (n === 0 || a === 0) return a
  if (n <= 15) return multiplyUnits(a, 10 ** n)
  return fromBig(BigInt(a) * powerOfTen(n))
}

/** Remainder with the sign of the dividend. `b` is not 0. */
export function remainderUnits(a: Units, b: Units): Units {
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0
  return fromBig(BigInt(a) % BigInt(b))
}

/** a / b as a whole number, rounded by `mode`; `half_up` rounds halves away from zero. `b` is not 0. */
export function divideUnits(a: Units, b: Units, mode: RoundingMode): Units {
  if (typeof a === 'number' && typeof b === 'number') {
    // The remainder of doubles is exact, so is the quotient of the multiple it leaves.
    const rest = a % b
    const quotient = (a - rest) / b
    if (rest === 0) return quotient + 0
    const negative = a < 0 !== b < 0
    const size = Math.abs(rest)
    const divisor = Math.abs(b)
    // size − (divisor − size) compares 2·size with divisor without leaving the safe integers.
    const away = roundsAway(size - (divisor - size), quotient % 2 !== 0, negative, mode)
    return (away ? quotient + (negative ? -1 : 1) : quotient) + 0
  }
  const x = BigInt(a)
  const y = BigInt(b)
  const rest = x % y
  const quotient = x / y
  if (rest === 0n) return fromBig(quotient)
  const negative = x < 0n !== y < 0n
  const twice = (rest < 0n ? -rest : rest) * 2n
  const divisor = y < 0n ? -y : y
  const half = twice < divisor ? -1 : twice > divisor ? 1 : 0
  const away = roundsAway(half, quotient % 2n !== 0n, negative, mode)
  return fromBig(away ? quotient + (negative ? -1n : 1n) : quotient)
}

/** Whether a truncated quotient with a rest moves one away from zero. `half`: sign of (2·rest − divisor). */
function roundsAway(half: number, odd: boolean, negative: boolean, mode: RoundingMode): boolean {
  switch (mode) {
    case 'half_up':
      return half >= 0
    case 'half_even':
      return half > 0 || (half === 0 && odd)
    case 'up':
      return true
    case 'down':
      return false
    case 'floor':
      return negative
    case 'ceil':
      return !negative
  }
}

/** From scale `from` to the lesser or greater scale `to`. */
export function rescaleUnits(a: Units, from: number, to: number, mode: RoundingMode): Units {
  if (to >= from) return shiftUnits(a, to - from)
  const n = from - to
  return divideUnits(a, n <= 15 ? 10 ** n : powerOfTen(n), mode)
}

/** Units at `scale` as decimal text with exactly `scale` digits after the point. */
export function formatUnits(a: Units, scale: number): string {
  if (scale === 0) return a.toString()
  if (scale <= 4 && typeof a === 'number') return formatShort(a, scale)
  const negative = a < 0
  const digits = absUnits(a)
    .toString()
    .padStart(scale + 1, '0')
  const cut = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`
}

/** Fractions of four digits, as most money has at most: written once each. */
const fractions: string[] = []

function formatShort(a: number, scale: number): string {
  const size = Math.abs(a)
  const power = 10 ** scale
  const rest = size % power
  const whole = (size - rest) / power
  // 1 before the digits keeps 05 apart from 5, and the places apart from each other.
  const key = power + rest
  let fraction = fractions[key]
  if (fraction === undefined) {
    fraction = `.${String(key).slice(1)}`
    fractions[key] = fraction
  }
  return a < 0 ? `-${whole}${fraction}` : whole + fraction
}

/** The same without zeros at the end of the fraction. */
export function formatUnitsTrimmed(a: Units, scale: number): string {
  const text = formatUnits(a, scale)
  if (scale === 0) return text
  let end = text.length
  while (text.charCodeAt(end - 1) === 48) end -= 1
  if (text.charCodeAt(end - 1) === 46) end -= 1
  return text.slice(0, end)
}
