import type { FlowDefinition } from '../definition/flow.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import type { Json, JsonObject } from '../json.ts'
import type { WorkCalendar } from '../logic/calendars/work-calendar.ts'
import type { CommandsOf } from './command-kind.ts'
import type { commandKinds } from './commands/index.ts'
import type { DelegationWindow, PeopleQuestion } from './people.ts'
import type { Effect, FlowEvent, FlowRun, Task, Timer } from './run.ts'

/** What can happen to a run: one of the list `commands/index.ts`. */
export type FlowCommand = CommandsOf<(typeof commandKinds)[number]>

/** What `advance` may use of the outside; everything is a value or a pure question. */
export interface FlowPorts {
  readonly now: string
  /** The record's values and what its references lead to, with `$today`, `$now` and `$run`. */
  readonly data: JsonObject
  /** Version of the record that `data` shows. Without it nothing is held against a changed record. */
  readonly dataVersion?: number | null
  /** Its version before the fields that came with this command were written. Default `dataVersion`. */
  readonly versionBefore?: number | null
  /** Whether the person who gives the command administers flows. Default no. */
  readonly admin?: boolean
  newId(): string
  evaluate(rule: Json, data: JsonObject): RuleOutcome
  /** Undefined: not known yet; `advance` then answers with what it needs and is called again. */
  people(question: PeopleQuestion): readonly string[] | undefined
  /** Windows of these people that are open now and take in this run; undefined: not known yet. Default none. */
  delegations?(users: readonly string[]): readonly DelegationWindow[] | undefined
  /** A work calendar of the run's release. */
  calendar?(key: string): WorkCalendar | undefined
  /** The release that this calendar is of. */
  calendarRelease?(key: string): number
  /** Keys of the record's fields that differ from that version; undefined: not known, so any may. */
  changedFields?(since: number): readonly string[] | undefined
  /** The same flow as the release has it that the run began on: `migrate` is advanced by the one it shall go on by. */
  flowOf?(release: number): FlowDefinition | undefined
}

export type RuleOutcome =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly code: string; readonly reason: string }

export type Advance =
  | {
      readonly kind: 'advanced'
      readonly run: FlowRun
      readonly newTasks: readonly Task[]
      readonly changedTasks: readonly Task[]
      readonly newTimers: readonly Timer[]
      readonly changedTimers: readonly Timer[]
      /** To be queued; no key comes twice. */
      readonly effects: readonly Effect[]
      /** Effects that failed and are queued anew. `payload`: what they are handed by now; null: what they were handed. */
      readonly again: readonly { readonly key: string; readonly payload: JsonObject | null }[]
      /** Keys of effects that failed and are not to be done any more. */
      readonly givenUp: readonly string[]
      /** Steps that were broken off: effects queued for them must not be applied any more. */
      readonly cancelledActivations: readonly string[]
      /** Who is told that the case has come to its end; empty where it has not, or tells another case. */
      readonly told: readonly string[]
      readonly events: readonly FlowEvent[]
    }
  | {
      readonly kind: 'needs'
      readonly questions: readonly PeopleQuestion[]
      /** People whose delegation windows are wanted. */
      readonly delegations: readonly string[]
    }
  | {
      readonly kind: 'refused'
      readonly error: ErrorCode
      readonly values: Readonly<Record<string, unknown>>
    }
