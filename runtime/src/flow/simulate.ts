import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import type { JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import type { FlowCommand } from './command.ts'
import type { DelegationWindow, PeopleQuestion } from './people.ts'
import type { Effect, FlowRun, RunStatus, Task } from './run.ts'
import { Walk } from './simulated-walk.ts'

export { peopleFromTable } from './people-table.ts'
export { SimulationNeeds } from './simulation-needs.ts'

export interface Simulation {
  /** The record's values and what its references lead to. */
  readonly record: JsonObject
  readonly applicant: string
  /** When it is submitted. */
  readonly now: string
  /** Who is found for a question; undefined: not known yet, then `SimulationNeeds` is thrown. */
  people(question: PeopleQuestion, data: JsonObject): readonly string[] | undefined
  /** Windows of delegation of these people that are open at that instant. Default none. */
  delegations?(users: readonly string[], at: string): readonly DelegationWindow[] | undefined
  /** The record, which the flow has written, with what its references lead to now; undefined: not known yet. */
  complete?(record: JsonObject): JsonObject | undefined
  /** Besides the record: `$input`, what lookups read. */
  readonly context?: JsonObject
  /** What the start says besides: `given`, `picks`. */
  readonly start?: JsonObject
  /** What somebody answers to a task; null: nothing, so that time passes. Default: the first answer it offers. */
  decide?(task: Task, offered: readonly string[], run: FlowRun): string | SimulatedAnswer | null
  /** Why an effect can't be done this time, so that its step stops for an administrator; null: it can. Default null. */
  fails?(effect: Effect, run: FlowRun): Text | null
  /** How long an effect takes until it is done, or has failed, in ms; null: it is not done while the walk lasts. Default 0. */
  takes?(effect: Effect, run: FlowRun): number | null
  /** What comes of an effect. Default: what is written is written, other flows end well, nothing is found. */
  effect?(effect: Effect, as: EffectMoment): JsonObject | undefined
  /** How a flow that this one started ends. Default: approved, at once. */
  child?(effect: Effect, node: string): SimulatedChild | undefined
  /** Whether a step that waits for an event hears of it, and how long after it began to wait; null: never. Default null. */
  signal?(node: string): { readonly after: number } | null
  /** What happens by itself, in order of time. */
  readonly happenings?: readonly Happening[]
  /** The clock goes no further. */
  readonly until?: string
  /** Names in sentences. Default the ids. */
  nameOf?(user: string): string | undefined
}

/** When an effect would be applied, and what the record says then. */
export interface EffectMoment {
  readonly now: string
  readonly record: JsonObject
  readonly run: FlowRun
}

export interface SimulatedAnswer {
  /** One of the answers offered; null with `sendBack`. */
  readonly decision: string | null
  readonly sendBack?: { readonly to: string; readonly resume?: 'replay' | 'direct' }
  /** Milliseconds after it became their turn. Default none. */
  readonly after?: number
  /** Fields of the record that are filled in with it. */
  readonly values?: JsonObject
}

export interface SimulatedChild {
  readonly status: string
  readonly outcome: string | null
  /** What its end is called. Default: the first end of its flow that has the outcome. */
  readonly title?: Text
  readonly after?: number
}

/** The record is changed by others, or somebody acts on the case. */
export interface Happening {
  readonly at: string
  readonly values?: JsonObject
  /** What is done, in the words of this walk: its tasks and steps have ids of their own. Null: it can't be done here. */
  readonly act?: (run: FlowRun) => FlowCommand | null
  readonly command?: FlowCommand
  /** It opens a case that has ended: up to there the walk does not stop at an end. */
  readonly opens?: boolean
}

/** One thing that happens, with what follows from it until everything waits again. */
export interface SimulatedStep {
  readonly at: string
  /** What sets it off. */
  readonly cause:
    | { readonly kind: 'submitted' }
    | { readonly kind: 'decided'; readonly by: string; readonly decision: string; readonly node: string }
    | {
        readonly kind: 'effect'
        readonly effect: string
        readonly payload: JsonObject
        /** What came of it. */
        readonly result: JsonObject
        readonly node: string
      }
    | { readonly kind: 'timer'; readonly timer: string; readonly node: string }
    | { readonly kind: 'child'; readonly node: string }
    | { readonly kind: 'signal'; readonly node: string }
    | { readonly kind: 'happened'; readonly what: string; readonly node: string }
    | { readonly kind: 'refused'; readonly code: string; readonly node: string }
  /** Steps of the flow that were entered. */
  readonly entered: readonly string[]
  /** Who gets something to do, and from which questions that follows. */
  readonly tasks: readonly SimulatedTask[]
  /** Which way was taken where the flow parts, and why. */
  readonly branches: readonly SimulatedBranch[]
  /** The timeline's sentences. */
  readonly said: readonly Text[]
}

export interface SimulatedTask {
  readonly node: string
  readonly title: Text
  readonly assignee: string
  readonly state: string
  readonly dueAt: string | null
  readonly onBehalfOf: string | null
  /** Questions that were asked for this step, with their answers. */
  readonly because: readonly { readonly question: PeopleQuestion; readonly people: readonly string[] }[]
}

/** A rule of an edge that was tried. */
export interface SimulatedBranch {
  readonly node: string
  readonly edge: string
  readonly title: Text
  readonly holds: boolean
  /** Every step of the rule in words. */
  readonly trace: Readonly<Record<keyof Text, readonly string[]>>
  /** Paths that it reads. */
  readonly reads: readonly string[]
}

export interface SimulatedRun {
  readonly steps: readonly SimulatedStep[]
  /** Null: it stands where nobody decides, or went on for longer than a simulation does. */
  readonly status: RunStatus
  readonly outcome: string | null
  /** Nodes that were entered, in order. */
  readonly path: readonly string[]
  /** The record as it is at the end. */
  readonly record: JsonObject
  /** Steps that wait for something that the simulation does not know. */
  readonly waitsAt: readonly string[]
  /** Where the clock stands. */
  readonly now: string
  /** The case itself. */
  readonly run: FlowRun | null
}

/**
 * Walks a flow on a virtual clock: who would get which task when and why. Pure; nothing is stored or sent. Whatever is
 * waited for happens in this order: effects and flows that were started, then whatever comes first in time; of what
 * comes at once a decision before a timer. Throws `SimulationNeeds`.
 */
export function simulateFlow(flow: FlowDefinition, set: DefinitionSet, given: Simulation): SimulatedRun {
  return new Walk(flow, set, given).walk()
}
