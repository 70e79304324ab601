/** The types of PL-1. `?` of the profile is `nullable`. */
export type RuleType =
  /** The type of the literal `null` and of what an empty list holds: fits every nullable type. */
  | { readonly t: 'null'; readonly nullable: true }
  | { readonly t: 'bool'; readonly nullable: boolean }
  | { readonly t: 'int'; readonly nullable: boolean; readonly min?: string; readonly max?: string }
  | {
      readonly t: 'dec'
      readonly nullable: boolean
      readonly scale: number
      readonly min?: string
      readonly max?: string
    }
  | { readonly t: 'str'; readonly nullable: boolean; readonly enum?: readonly string[] }
  | { readonly t: 'date'; readonly nullable: boolean }
  | { readonly t: 'instant'; readonly nullable: boolean }
  /** A date range, half open; `{"var": "protection.from"}` and `.to` are dates (the end is the first day after). */
  | { readonly t: 'period'; readonly nullable: boolean }
  /** A reference to a record of `object`, by its id; `{"var": "partner.tier"}` reads through it. */
  | { readonly t: 'ref'; readonly nullable: boolean; readonly object: string }
  | { readonly t: 'user'; readonly nullable: boolean }
  | { readonly t: 'list'; readonly nullable: boolean; readonly of: RuleType }
  | { readonly t: 'obj'; readonly nullable: boolean; readonly fields: ReadonlyMap<string, RuleType> }

/**
 * What a rule may read. One convention everywhere: the fields of the record at hand stand at the top by their key;
 * context stands under `$`: `$user.id`, `$user.partner`, `$user.partners` (own organisation and those below),
 * `$user.roles`, `$today`, `$now`; flows add `$run.applicant`; plans read measures under `m`.
 */
export interface RuleScope {
  readonly root: ReadonlyMap<string, RuleType>
  /** Type of the data as a whole, where `{"var": ""}` may read it: rules over plain JSON. */
  readonly whole?: RuleType
  /** The fields of another object, for paths that go through a reference. */
  object(key: string): ReadonlyMap<string, RuleType> | undefined
}

/** Which backends a rule must run on: C conditions in SQL, V values in SQL, L lists in SQL, F evaluator only. */
export type RuleLevel = 'C' | 'V' | 'L' | 'F'
