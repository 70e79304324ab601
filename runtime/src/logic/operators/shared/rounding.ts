import type { RoundingMode } from '../../scaled.ts'

/** 10^n as an exact constant of SQL: `100`, `0.01`. */
export function sqlPower(n: number): string {
  return n >= 0 ? `1${'0'.repeat(n)}` : `0.${'0'.repeat(-n - 1)}1`
}

/** SQL of `x` (numeric, an expression that is cheap to repeat) rounded to `scale` by `mode`, to the last digit. */
export function roundSql(x: string, scale: number, mode: RoundingMode): string {
  const up = sqlPower(scale)
  const down = sqlPower(-scale)
  switch (mode) {
    case 'half_up':
      return `round(${x}, ${scale})`
    case 'down':
      return `trunc(${x}, ${scale})`
    case 'floor':
      return scale === 0 ? `floor(${x})` : `(floor(${x} * ${up}) * ${down})`
    case 'ceil':
      return scale === 0 ? `ceil(${x})` : `(ceil(${x} * ${up}) * ${down})`
    case 'up':
      return `(sign(${x}) * ceil(abs(${x}) * ${up}) * ${down})`
    case 'half_even':
      // Halves are exact in numeric: the neighbour away from zero is taken back when it is odd.
      return `(CASE WHEN abs(${x} * ${up} - trunc(${x} * ${up})) = 0.5 AND trunc(${x} * ${up}) % 2 = 0 THEN trunc(${x}, ${scale}) ELSE round(${x}, ${scale}) END)`
  }
}

/** Whether `roundSql` names its operand more than once. */
export function repeatsOperand(mode: RoundingMode): boolean {
  return mode === 'up' || mode === 'half_even'
}

/**
 * SQL of a / b rounded to `scale`, exact: numeric division in Postgres keeps 16 to 20 digits and would be rounded
 * twice. Whole-number division of |a|·10^s by |b| gives the quotient, its rest decides the rounding. NULL when b = 0.
 */
export function divideSql(a: string, b: string, scale: number, mode: RoundingMode): string {
  const up = sqlPower(scale)
  const down = sqlPower(-scale)
  const sign = `sign(${a}) * sign(${b})`
  const scaled = `abs(${a}) * ${up}`
  const whole = `div(${scaled}, abs(${b}))`
  const rest = `((${scaled}) % abs(${b}))`
  const guarded = (value: string) => `(CASE WHEN ${b} <> 0 THEN ${value} END)`
  switch (mode) {
    case 'half_up':
      return guarded(`${sign} * div(abs(${a}) * ${sqlPower(scale)} * 2 + abs(${b}), 2 * abs(${b})) * ${down}`)
    case 'down':
      return guarded(`${sign} * ${whole} * ${down}`)
    case 'up':
      return guarded(`${sign} * (${whole} + (${rest} > 0)::int) * ${down}`)
    case 'floor':
      return guarded(`(${sign} * ${whole} - (${rest} > 0 AND ${sign} < 0)::int) * ${down}`)
    case 'ceil':
      return guarded(`(${sign} * ${whole} + (${rest} > 0 AND ${sign} > 0)::int) * ${down}`)
    case 'half_even':
      return guarded(
        `${sign} * (${whole} + (2 * ${rest} > abs(${b}) OR (2 * ${rest} = abs(${b}) AND ${whole} % 2 = 1))::int) * ${down}`,
      )
  }
}
