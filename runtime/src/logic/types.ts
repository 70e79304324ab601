import type { Json } from '../json.ts'
import type { Text } from '../text.ts'
import type { WorkCalendar } from './calendars/work-calendar.ts'

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
  /** Where the data itself is the schema: whether nothing stands at the path, so that it is always empty. */
  readonly isAbsent?: (path: string) => boolean
  /** The fields of another object, for paths that go through a reference. */
  object(key: string): ReadonlyMap<string, RuleType> | undefined
  /** Named rules, calendars and unique keys of the definitions around; absent where rules stand alone. */
  readonly library?: RuleLibrary
  /** Inside a named rule: the calls that led here, and what they have made so far. */
  readonly calls?: RuleCalls
}

/** What rules can name besides what they read. One release has one. */
export interface RuleLibrary {
  rule(key: string): NamedRule | undefined
  readonly rules: readonly string[]
  calendar(key: string): WorkCalendar | undefined
  readonly calendars: readonly string[]
  /** Sets of fields by which an object has at most one record; undefined where there is no such object. */
  uniqueKeys(object: string): readonly (readonly string[])[] | undefined
  readonly objects: readonly string[]
  /** The fields that a lookup may compare and read; default: those that paths through a reference see. */
  fieldsOf?(object: string): ReadonlyMap<string, RuleType> | undefined
  /** Why rules here look into nothing; absent where they may. */
  readonly looksNowhere?: Text
}

/** A rule that other rules may call. */
export interface NamedRule {
  readonly key: string
  readonly title: Text
  readonly inputs: readonly { readonly name: string; readonly title: Text; readonly type: RuleType }[]
  /** null: as the rule gives it. */
  readonly result: RuleType | null
  readonly body: { readonly rule: Json } | { readonly table: Json }
  /** The context and what references lead to. The inputs are bound when it is called. */
  readonly scope: RuleScope
}

export interface RuleCalls {
  readonly chain: readonly string[]
  /** Parts of all bodies so far; shared by the whole rule. */
  readonly budget: { left: number }
}

/** Which backends a rule must run on: C conditions in SQL, V values in SQL, L lists in SQL, F evaluator only. */
export type RuleLevel = 'C' | 'V' | 'L' | 'F'
