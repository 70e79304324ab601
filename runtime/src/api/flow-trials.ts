import type { JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import type { PersonName } from './flows.ts'

/**
 * What travels between the designer and `/api/v1/<workspace>/flows/:flow/simulate` and `…/replay`: a flow is tried
 * without anything being written.
 */

/** Which wording of the flow is tried: as drafted (default), over it a text not saved yet, or as it is in force. */
export interface TriedFlow {
  readonly use?: 'draft' | 'release'
  readonly unsaved?: { readonly pack: string; readonly path: string; readonly text: string }
}

export interface SimulateBody extends TriedFlow {
  /** A record of the flow's object that there is; or the values of one that is made up. */
  readonly record?: string
  readonly values?: JsonObject
  /** Who submits it. Default the caller. */
  readonly applicant?: string
  /** When. Default now. */
  readonly at?: string
  /** Node → answer given there, or `happened` where it waits for something; `-`: nothing, so that time passes. */
  readonly decisions?: Readonly<Record<string, string>>
  /** What is answered elsewhere: the first answer that is offered (default), or nothing. */
  readonly otherwise?: 'first' | 'none'
}

/** Rules in words; null: they read fields that the reader may not. */
export type TrialTrace = Readonly<Record<keyof Text, readonly string[]>> | null

export interface TrialTask {
  readonly node: string
  readonly title: Text
  readonly assignee: PersonName
  readonly on_behalf_of: PersonName | null
  readonly state: string
  readonly due_at: string | null
  /** Why they are asked. */
  readonly because: readonly Text[]
}

export interface TrialStep {
  readonly at: string
  readonly kind: string
  /** The step of the flow that it happened at; null: none in particular. */
  readonly node: string | null
  /** What happened, in words. */
  readonly said: readonly Text[]
  readonly entered: readonly string[]
  readonly tasks: readonly TrialTask[]
  readonly branches: readonly {
    readonly node: string
    readonly edge: string
    readonly title: Text
    readonly holds: boolean
    readonly trace: TrialTrace
  }[]
  /** What the flow would do; nothing of it has been done. */
  readonly effect: { readonly type: string; readonly title: Text; readonly values: JsonObject } | null
  /** Whom a step that assigns would choose, as things stand now; null: the step makes no choice. */
  readonly choice: TrialChoice | null
}

export interface TrialChoice {
  /** The rule by which somebody was found; null: by none. */
  readonly rule: Text | null
  /** Those who could have their turn, in that order, and those who were passed over, who have none. */
  readonly candidates: readonly {
    readonly record: string
    readonly name: string | null
    readonly place: number | null
    readonly chosen: boolean
    readonly why: Text
  }[]
  /** How many of them the reader may not see. */
  readonly hidden: number
}

export interface SimulateReply {
  readonly status: string
  readonly outcome: string | null
  readonly started_at: string
  /** Where the clock stands at the end. */
  readonly ended_at: string
  /** Whether the record, as it is, begins a case by itself; null: something else begins it. */
  readonly trigger: { readonly holds: boolean; readonly trace: TrialTrace } | null
  readonly steps: readonly TrialStep[]
  readonly path: readonly string[]
  /** Ids of the edges taken. */
  readonly edges: readonly string[]
  readonly waits_at: readonly string[]
  /** What records and people in values are called, as far as the reader may know. */
  readonly titles: Readonly<Record<string, string>>
  /** Fields that the flow writes. */
  readonly changes: readonly {
    readonly field: string
    readonly title: Text
    readonly before: unknown
    readonly after: unknown
  }[]
}

export interface ReplayBody extends TriedFlow {
  /** How many of the newest cases. Default 50. */
  readonly last?: number
  /** What is answered at steps where nobody has: the first answer that is offered (default), or nothing. */
  readonly otherwise?: 'first' | 'none'
}

/** What a case came to, in the one flow or the other. */
export interface ReplaySide {
  readonly status: string
  readonly outcome: string | null
  readonly path: readonly string[]
  readonly people: readonly { readonly node: string; readonly person: PersonName }[]
  /** Seconds from its beginning to its end, or to now. */
  readonly seconds: number
  readonly fields: JsonObject
}

export type ReplayDifference = 'path' | 'people' | 'outcome' | 'time' | 'fields'

export interface ReplayedCase {
  readonly run: string
  readonly record: string
  readonly title: string | null
  readonly release: number
  readonly started_at: string
  readonly status: string
  /** The flow that the case had leads to what really happened; otherwise its differences may have other reasons. */
  readonly retraced: boolean
  /** By the flow that the case had, and by the one that is tried; with the same decisions and the people of today. */
  readonly before: ReplaySide
  readonly after: ReplaySide
  readonly differs: readonly ReplayDifference[]
  /** Each difference in words. */
  readonly words: readonly Text[]
  /** Why it could not be replayed: the code and what it means. */
  readonly problem: { readonly code: string; readonly message: Text } | null
}

/** `POST …/replay` answers line by line (NDJSON): so many cases, each case, and the sum. Going away cancels it. */
export type ReplayLine =
  | { readonly kind: 'begin'; readonly cases: number }
  | { readonly kind: 'case'; readonly done: number; readonly case: ReplayedCase }
  | { readonly kind: 'sum'; readonly sum: ReplaySum }

export interface ReplaySum {
  readonly cases: number
  readonly same: number
  readonly retraced: number
  readonly failed: number
  readonly differs: Readonly<Record<ReplayDifference, number>>
  /** Outcome before → after, where they differ, with how many cases. */
  readonly outcomes: readonly { readonly before: string; readonly after: string; readonly cases: number }[]
  /** Mean seconds of a case. */
  readonly seconds: { readonly before: number; readonly after: number }
  /** The time allowed was over before all were replayed. */
  readonly cut: boolean
}
