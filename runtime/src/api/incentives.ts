import type { Text } from '../text.ts'
import type { Titles } from './records.ts'

/**
 * What travels between the browser and `/api/v1/<workspace>/…` for plans: what was earned, the ledger, and how an
 * amount came about. Amounts are exact decimal texts; everybody is shown the plans and organisations that their
 * grants name (`own` or `all`) and no others.
 */

/** `GET …/earnings?plan=&earner=`: the plans the reader may see, and what stands in each. */
export interface EarningsReply {
  /** The day it is in the workspace; says which window is the present one. */
  readonly today: string
  readonly plans: readonly PlanEarnings[]
  /** Titles of earners and events. */
  readonly titles: Titles
}

export interface PlanEarnings {
  readonly plan: string
  readonly title: Text
  readonly currency: string
  readonly window: 'event' | 'month' | 'quarter' | 'year'
  /** `own`: the reader's organisation and those below it. `all`: everybody's. */
  readonly level: 'own' | 'all'
  /** All windows of all earners that the reader may see. */
  readonly total: string
  /** Of the window that today lies in. Plans per event: of today's quarter. */
  readonly current: {
    readonly from: string /** Last day, inclusive. */
    readonly to: string
    readonly total: string
  }
  /** Newest window first; at most 100. */
  readonly windows: readonly WindowEarnings[]
}

/** What one organisation earned in one window. */
export interface WindowEarnings {
  readonly earner: string
  readonly from: string
  /** Last day, inclusive. */
  readonly to: string
  /** Plans per event: the event. */
  readonly event: string | null
  readonly amount: string
  /** Key of the measure → its value, as last computed. */
  readonly measures: Readonly<Record<string, string>>
  /** The band above the present one; null at the top. */
  readonly next: NextBand | null
}

export interface NextBand {
  /** The measure that finds the band. */
  readonly measure: string
  readonly from: string
  /** What the measure still lacks. */
  readonly lacks: string
  readonly unit: 'rate' | 'fixed'
  /** What the band pays: a fraction or an amount. */
  readonly value: string
}

/** `GET …/ledger?plan=&earner=&window=&record=&limit=&cursor=`: newest first. */
export interface LedgerPage {
  readonly entries: readonly LedgerEntryJson[]
  /** What the entries that meet the filter add up to, by currency. */
  readonly totals: Readonly<Record<string, string>>
  readonly titles: Titles
  readonly next: string | null
}

export interface LedgerEntryJson {
  readonly id: string
  readonly plan: string
  readonly plan_title: Text
  /** The release whose wording of the plan it was computed by. */
  readonly release: number
  readonly earner: string
  readonly window_from: string
  /** Last day, inclusive. */
  readonly window_to: string
  readonly event: string | null
  readonly posted_at: string
  readonly kind: 'accrual' | 'adjust'
  readonly amount: string
  readonly currency: string
  readonly reason: Text
}

/** `GET …/ledger/:id/explanation`: from the amount down to the records. */
export interface Explanation {
  readonly entry: LedgerEntryJson
  readonly plan: {
    readonly key: string
    readonly title: Text
    readonly release: number
    readonly currency: string
  }
  /** The records that counted, those that the reader may read; `hidden` says how many more there are. */
  readonly records: readonly ExplainedRecord[]
  readonly hidden: number
  /** Key of the measure → title-less value over all the window's records. */
  readonly measures: Readonly<Record<string, string>>
  /** The arithmetic, in order; the amounts of the parts add up to `amount`. */
  readonly parts: readonly ExplainedPart[]
  /** What the window stands at after this entry; `entry.amount` is the step to it from `before`. */
  readonly amount: string
  readonly before: string
  readonly sentences: { readonly en: readonly string[]; readonly zh: readonly string[] }
  readonly titles: Titles
}

export interface ExplainedRecord {
  readonly object: string
  readonly id: string
  readonly title: string
  /** The day it counts on. */
  readonly day: string
  /** Key of the measure → what it adds. */
  readonly values: Readonly<Record<string, string>>
  /** Paid under an earlier wording of the plan: here it only fills the lower bands. */
  readonly before: boolean
}

export interface ExplainedPart {
  /** `slice` of a band; `gate` not met; `cap`; `rounding`; `before`: what earlier releases have paid. */
  readonly kind: 'slice' | 'gate' | 'cap' | 'rounding' | 'before'
  readonly amount: string
  readonly text: Text
  /** Slices only. */
  readonly slice?: {
    readonly row: string
    readonly from: string
    readonly to: string | null
    readonly slice: string
    readonly unit: 'rate' | 'fixed'
    readonly value: string
  }
}

/** `POST …/plans/:key/run`, body. */
export interface RunPlanBody {
  /** Computed and compared, nothing posted. */
  readonly simulate?: boolean
  /** Bring windows that begin on or after this day to the plan as it stands now; differences are posted. */
  readonly recompute_from?: string
}

export interface RunPlanReply {
  readonly run: string
  readonly plan: string
  readonly release: number
  readonly simulate: boolean
  /** Windows computed, and entries posted (or that would be). */
  readonly windows: number
  readonly entries: number
  readonly posted: string
  /** The largest changes first, at most 20. */
  readonly changes: readonly {
    readonly earner: string
    readonly window_from: string
    readonly window_to: string
    readonly event: string | null
    readonly amount: string
    readonly delta: string
  }[]
  readonly titles: Titles
}
