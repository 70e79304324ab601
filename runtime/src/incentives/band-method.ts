import type { Locale, Text } from '../text.ts'

export interface BandRow {
  readonly id: string
  /** Exact decimal text. */
  readonly from: string
  readonly value: string
}

/** One step of the arithmetic of a band: `slice × rate = amount`, all exact decimal texts. */
export interface Slice {
  readonly row: string
  readonly from: string
  readonly to: string | null
  readonly slice: string
  readonly value: string
  readonly amount: string
}

/** How bands turn a measure into an amount. The list is `incentives/index.ts`. */
export interface BandMethod {
  /** `marginal`, `whole`, … */
  readonly name: string
  readonly title: Text
  readonly describe: Text
  /** Exact, unrounded. */
  compute(input: { lookup: string; payOn: string; bound: 'lower' | 'upper'; unit: 'rate' | 'fixed'; rows: readonly BandRow[] }): {
    amount: string
    slices: readonly Slice[]
  }
  /**
   * The same as one SQL expression; `lookup` and `payOn` are SQL of numeric expressions, `rows` the name of a relation
   * with columns `lo numeric, hi numeric, value numeric`.
   */
  sql(input: { lookup: string; payOn: string; bound: 'lower' | 'upper'; unit: 'rate' | 'fixed'; rows: string }): string
  /** Sentences a partner understands: "前 100,000.00 × 1% = 1,000.00". */
  explain(slices: readonly Slice[], locale: Locale, currency: string): string[]
}

export function defineBandMethod(method: BandMethod): BandMethod {
  return method
}
