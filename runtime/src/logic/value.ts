import type { ErrorCode } from '../errors/create-error.ts'
import type { Json } from '../json.ts'
import type { Units } from './scaled.ts'

/**
 * Values inside the evaluator. Numbers are units at the scale of their node's type; texts are NFC; dates are ISO
 * texts; instants have the form of `normaliseInstant`.
 */
export type RuleValue = null | boolean | Units | string | PeriodValue | readonly RuleValue[] | ObjectValue

/** Half open: `to` is the first day after, null while the end is open. */
export interface PeriodValue {
  readonly from: string
  readonly to: string | null
}

/** A group of fields as it stands in the data; read through its type only. */
export interface ObjectValue {
  readonly [key: string]: unknown
}

/** What one evaluation carries along. */
export class Frame {
  /** Turns of list operators so far; bounded by `limits.steps`. */
  steps = 0
  constructor(
    public data: Readonly<Record<string, unknown>>,
    public context: Readonly<Record<string, unknown>>,
    /** The data as given, where a rule reads it whole. */
    public whole: unknown,
    /** Values of names bound by operators, by slot. */
    readonly locals: RuleValue[],
    /** Fields that the rule reads more than once, once they are read. */
    readonly memo: (RuleValue | undefined)[],
  ) {}
}

/** A compiled node. */
export type Thunk = (frame: Frame) => RuleValue

/** How an evaluation fails. Thrown inside the evaluator only; outside it is `RuleResult.error`. */
export class RuleFailure {
  constructor(
    readonly error: ErrorCode,
    readonly path: string,
    readonly values: Readonly<Record<string, Json>> = {},
  ) {}
}

export type RuleResult =
  | { readonly ok: true; readonly value: Json }
  | {
      readonly ok: false
      readonly error: {
        readonly code: string
        readonly path: string
        readonly values: Readonly<Record<string, Json>>
      }
    }
