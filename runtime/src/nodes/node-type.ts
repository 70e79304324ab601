import type { Static, TSchema } from 'typebox'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { Due, Duration, Reckoned } from '../flow/due-time.ts'
import type { DelegationWindow, PeopleQuestion } from '../flow/people.ts'
import type {
  Activation,
  Effect,
  FlowEvent,
  FlowEventType,
  FlowRun,
  Task,
  TaskState,
  Timer,
} from '../flow/run.ts'
import type { Json, JsonObject } from '../json.ts'
import type { RuleType } from '../logic/types.ts'
import type { Locale, Text } from '../text.ts'
import type { ReckonedField } from './action/effects/effect-type.ts'
import type { WantedEffect } from './action/wanted-effect.ts'
import type { NodeTraits } from './node-traits.ts'

export type { DelegationWindow, PeopleQuestion } from '../flow/people.ts'

/** A node as its type knows it: the settings are there, checked before the flow was published. */
export type NodeOf<S extends TSchema> = FlowNode & Static<S>

/** All that a node may ask of the outside; whatever is not known yet ends the step and is found before the next try. */
export interface NodeContext<S extends TSchema = TSchema> {
  readonly flow: FlowDefinition
  readonly node: NodeOf<S>
  readonly run: FlowRun
  readonly activation: Activation
  readonly applicant: string
  readonly now: string
  /** The record's values and what its references lead to, as rules read them. */
  readonly data: JsonObject
  /** Version of the record that `data` shows; null where nobody said. */
  readonly dataVersion: number | null
  /** People by question; resolved for exactly the questions that `people` of the node type named. */
  readonly people: readonly (readonly string[])[]
  /** Any other question, once the node knows that it must be asked. Ask those that don't depend on each other at once. */
  ask(...questions: readonly PeopleQuestion[]): readonly (readonly string[])[]
  /** The windows in which these people have handed their tasks to others, as they stand now. */
  delegations(users: readonly string[]): readonly DelegationWindow[]
  /** So long after `from` (an instant; default now), by the flow's calendar. */
  dueAfter(duration: Duration, from?: string): Due & { readonly reckoned: Reckoned | null }
  /** The instant at which a date begins where the flow's calendar is kept. */
  startOfDay(date: string): string
  newId(): string
  /** The value of a rule over `data`. A rule that fails ends the step and leaves an incident at this node. */
  evaluate(rule: Json, data?: JsonObject): Json
}

/** What a node wants: to wait, or to leave by an exit; with the tasks, timers and effects it makes. */
export interface NodeStep {
  readonly exit: string | null
  /** The edges to follow, of those that leave by `exit`. Default all of them; only split nodes have several. */
  readonly take?: readonly string[]
  readonly state?: JsonObject
  readonly newTasks?: readonly Task[]
  readonly changedTasks?: readonly Task[]
  readonly newTimers?: readonly TimerWish[]
  /** Ids of timers of this activation that are not needed any more. All of them are when the node is left. */
  readonly cancelTimers?: readonly string[]
  readonly effects?: readonly Effect[]
  /** For the timeline, beside those the engine writes itself. */
  readonly events?: readonly NodeRemark[]
  /** A join that is satisfied early: everything that is still active in the region of this split is cancelled. */
  readonly cancelRegion?: string
  /**
   * The step was refused and its flow has no edge for that: what the split around it says of refused branches
   * (`onBranchReject`) is done, and without one the run ends as rejected.
   */
  readonly rejected?: boolean
  /** The step was refused and the run goes back. */
  readonly sendBack?: { readonly to: string; readonly resume: 'replay' | 'direct' }
  /** End nodes: the outcome of the run. */
  readonly outcome?: string
  readonly incident?: { readonly code: string; readonly data: JsonObject }
}

export interface TimerWish {
  /** A word of the node type; `timeout` is the engine's. */
  readonly kind: string
  readonly dueAt: string
  /** By what it was reckoned, where a calendar had a part in it. */
  readonly reckoned?: Reckoned | null
  readonly task?: string
  readonly data?: JsonObject
}

/** A timer for a due time that was reckoned. */
export function wishFor(kind: string, { at, reckoned }: ReturnType<NodeContext['dueAfter']>): TimerWish {
  return { kind, dueAt: at, reckoned }
}

/** Something a node has to say in the timeline. */
export interface NodeRemark {
  readonly type: FlowEventType
  readonly task?: string
  readonly data: JsonObject
}

export type NodeEvent =
  | {
      readonly type: 'decided'
      readonly task: Task
      readonly decision: string
      readonly by: string
      readonly comment: string | null
    }
  /** Tasks were added, removed, handed on or decided by themselves: has the node come to its verdict? */
  | { readonly type: 'tasks_changed' }
  | { readonly type: 'effect_done'; readonly key: string; readonly result: JsonObject }
  /** It failed for good, and its settings let the case go on without it. */
  | { readonly type: 'effect_left'; readonly key: string }
  /** At a join. `edge` is null for a branch that was refused and so never came by an edge; `from` is where it stood. */
  | {
      readonly type: 'arrived'
      readonly edge: string | null
      readonly from: string
      readonly rejected: boolean
    }
  | { readonly type: 'timer'; readonly timer: Timer }
  /** `id`: of the event, where it has one. */
  | { readonly type: 'signal'; readonly name: string; readonly data: JsonObject; readonly id: string | null }
  | {
      readonly type: 'child_ended'
      readonly run: string
      readonly status: string
      readonly outcome: string | null
      readonly item: string | null
    }

/** One of the answers that a task offers. */
export interface Decision {
  readonly key: string
  readonly title: Text
  /** What was done, as the timeline says it after a name: "approved it". */
  readonly done: Text
  /** What the task becomes. */
  readonly state: TaskState
  readonly commentRequired: boolean
  readonly signatureRequired?: boolean
  readonly attachmentsRequired?: boolean
}

/** How what a node has done is taken back when the run leaves it behind. */
export type Undo =
  | { readonly kind: 'effects'; readonly effects: readonly Pick<Effect, 'type' | 'payload'>[] }
  /** The cases that it began are taken back, whether or not they have ended and however it was left itself. */
  | { readonly kind: 'children' }
  /** It went out into the world: whoever wants to take back a decision before it is refused. */
  | { readonly kind: 'irreversible' }

/** Everything the platform knows of one node type, in one folder. The list is `nodes/index.ts`. */
export interface NodeType<S extends TSchema = TSchema> extends NodeTraits {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** JSON Schema of the settings beside `x-id`, `type` and `title`. */
  readonly settings: S
  /** Names of the exits, from the settings of the node. Empty for an end. */
  exits(node: NodeOf<S>): readonly string[]
  /** Exit → what a person reads for it, where there is more than one way out. */
  readonly exitTitles?: Readonly<Record<string, Text>>
  check(node: NodeOf<S>, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[]
  /** The questions that are always asked before `run`: found together, so that nothing is asked twice. */
  people?(node: NodeOf<S>, flow: FlowDefinition): readonly PeopleQuestion[]
  /** Paths of the record that lead to people, beside those that its rules read. */
  reads?(node: NodeOf<S>): readonly string[]
  /** The answers that a task of this node offers. Node types without tasks have none. */
  decisions?(node: NodeOf<S>, flow: FlowDefinition): readonly Decision[]
  /** People who never get a task of this node, however it comes to be handed on. */
  barred?(context: NodeContext<S>): readonly string[]
  /** Rules of the node that read what it hears of besides, by name: `$event`. */
  hears?(node: NodeOf<S>): {
    readonly rules: readonly Json[]
    readonly types: Readonly<Record<string, RuleType>>
  }
  /**
   * On entry, and again when an administrator retries after it could not begin or stopped of its own accord; `state` of
   * the activation is then what it kept. No effect is asked for under a key that was used before.
   */
  run(context: NodeContext<S>): NodeStep
  /** On an event for a node that waits. `tasks` are those of this activation, with the decision already in them. */
  resume?(context: NodeContext<S>, event: NodeEvent, tasks: readonly Task[]): NodeStep
  /** The flows that the node starts; a circle of flows that start each other is refused. `at`: pointer to the key. */
  starts?(node: NodeOf<S>): readonly { readonly flow: string; readonly at: string }[]
  /** The fields that it writes, each with the rule that gives its value: what a sum added is taken back as a sum. */
  reckons?(node: NodeOf<S>): readonly ReckonedField[]
  /** What takes back what the node did, once it was left; null: there is nothing to take back. */
  undo?(context: NodeContext<S>): Undo | null
  /** The entry of its settings that asked for the effect of that key; null where none did: it has no settings of its own. */
  wanted?(step: Pick<NodeContext<S>, 'node' | 'activation'>, key: string): WantedEffect | null
  /**
   * What the effect of that key would be handed if it were asked for now: asked right before it is written, by when
   * the record may say something else, and when it failed and is tried again. Null where that does not hang on the
   * record.
   */
  planAnew?(context: NodeContext<S>, key: string): JsonObject | null
  /** Fields of the record that stand for who was meant when that effect was asked for, whatever they say by now. */
  meant?(step: Pick<NodeContext<S>, 'node' | 'activation'>, key: string): JsonObject
  /**
   * One sentence of the timeline for events that are this node type's own; null: the common sentence will do; empty: it
   * tells a reader nothing that another one doesn't.
   */
  trace(event: FlowEvent, locale: Locale): string | null
}

export function defineNodeType<S extends TSchema>(type: NodeType<S>): NodeType<S> {
  return type
}
