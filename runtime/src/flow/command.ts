import type { ErrorCode } from '../errors/create-error.ts'
import type { Json, JsonObject } from '../json.ts'
import type { PeopleQuestion } from '../nodes/node-type.ts'
import type { Text } from '../text.ts'
import type { Effect, FlowEvent, FlowRun, Task } from './run.ts'

/** What can happen to a run. */
export type FlowCommand =
  | {
      readonly type: 'start'
      readonly run: string
      readonly release: number
      readonly object: string
      readonly record: string
      readonly applicant: string
    }
  | {
      readonly type: 'decide'
      readonly task: string
      /** The task's `rev` that the person saw. */
      readonly taskRev: number
      readonly decision: string
      readonly by: string
      readonly comment: string | null
    }
  | { readonly type: 'effect_done'; readonly key: string; readonly result: JsonObject }
  | { readonly type: 'effect_failed'; readonly key: string; readonly reason: Text }
  | {
      readonly type: 'withdraw'
      readonly by: string
      readonly comment: string | null
    }
  | { readonly type: 'terminate'; readonly by: string; readonly reason: string }
  /** Tries every step again that stopped with an incident. */
  | { readonly type: 'retry'; readonly by: string; readonly reason: string }

/** What `advance` may use of the outside; everything is a value or a pure question. */
export interface FlowPorts {
  readonly now: string
  /** The record's values and what its references lead to, with `$today`, `$now` and `$run`. */
  readonly data: JsonObject
  newId(): string
  evaluate(rule: Json, data: JsonObject): RuleOutcome
  /** Undefined: not known yet; `advance` then answers with what it needs and is called again. */
  people(question: PeopleQuestion): readonly string[] | undefined
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
      /** To be queued. A retry hands out an effect again under the key it had. */
      readonly effects: readonly Effect[]
      /** Steps that were broken off: effects queued for them must not be applied any more. */
      readonly cancelledActivations: readonly string[]
      readonly events: readonly FlowEvent[]
    }
  | { readonly kind: 'needs'; readonly questions: readonly PeopleQuestion[] }
  | {
      readonly kind: 'refused'
      readonly error: ErrorCode
      readonly values: Readonly<Record<string, unknown>>
    }
