import type { Locale, Text } from '../text.ts'

export interface BandRow {
  readonly id: string
  /** Exact decimal text, 0 or more. */
  readonly from: string
  readonly value: string
}

/** `rate`: the value of a row is a fraction of what is paid on. `fixed`: it is the amount itself. */
export type BandUnit = 'rate' | 'fixed'

/** One step of the arithmetic of a band: `slice × value = amount`, or the fixed `value`; all exact decimal texts. */
export interface Slice {
  readonly row: string
  readonly unit: BandUnit
  /** The edges of the band; `to` null: no upper end. */
  readonly from: string
  readonly to: string | null
  /** The part of the measure that this step pays on. */
  readonly slice: string
  readonly value: string
  readonly amount: string
}

export interface BandInput {
  /** The measure that finds the band, and the one that is paid on. Exact decimal texts. */
  readonly lookup: string
  readonly payOn: string
  readonly bound: 'lower' | 'upper'
  readonly unit: BandUnit
  /** By `from`, ascending. */
  readonly rows: readonly BandRow[]
}

/** How bands turn a measure into an amount. The list is `incentives/index.ts`. */
export interface BandMethod {
  /** `marginal`, `whole`, … */
  readonly name: string
  readonly title: Text
  readonly describe: Text
  /** Its slices cut up the measure that is paid on, so with unit `rate` `lookup` and `payOn` must be one measure. */
  readonly sliced?: boolean
  /** The amount jumps when a band is reached, because the new value pays on everything; publishing warns of it. */
  readonly jumps?: boolean
  /** Exact, unrounded. Nothing is earned on a measure that is zero or negative. */
  compute(input: BandInput): { amount: string; slices: readonly Slice[] }
  /**
   * The same as one SQL expression; `lookup` and `payOn` are SQL of numeric expressions, `rows` the name of a relation
   * with columns `lo numeric, hi numeric, value numeric`.
   */
  sql(input: {
    lookup: string
    payOn: string
    bound: 'lower' | 'upper'
    unit: BandUnit
    rows: string
  }): string
  /** The same where the rows are written out rather than stored: `lo`, `hi` (null: no upper end), `value` are SQL. */
  written(input: {
    lookup: string
    payOn: string
    bound: 'lower' | 'upper'
    unit: BandUnit
    rows: readonly { readonly lo: string; readonly hi: string | null; readonly value: string }[]
  }): string
  /** Sentences a partner understands, one for each slice: "前 100,000.00 × 1% = 1,000.00". */
  explain(slices: readonly Slice[], locale: Locale, currency: string): string[]
}

export function defineBandMethod(method: BandMethod): BandMethod {
  return method
}
