import type { Static, TSchema } from 'typebox'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { Activation, Effect, FlowEvent, FlowEventType, FlowRun, Task, TaskState } from '../flow/run.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Locale, Text } from '../text.ts'

/** A node as its type knows it: the settings are there, checked before the flow was published. */
export type NodeOf<S extends TSchema> = FlowNode & Static<S>

/** All that a node may ask of the outside; gathered by the server before it calls `advance`. */
export interface NodeContext<S extends TSchema = TSchema> {
  readonly flow: FlowDefinition
  readonly node: NodeOf<S>
  readonly run: FlowRun
  readonly activation: Activation
  readonly applicant: string
  readonly now: string
  /** The record's values and what its references lead to, as rules read them. */
  readonly data: JsonObject
  /** People by question; resolved for exactly the questions that `people` of the node type named. */
  readonly people: readonly (readonly string[])[]
  newId(): string
  /** The value of a rule over `data`. A rule that fails ends the step and leaves an incident at this node. */
  evaluate(rule: Json): Json
}

/** What a node wants: to wait, or to leave by an exit; with the tasks and effects it makes. */
export interface NodeStep {
  readonly exit: string | null
  /** The edges to follow, of those that leave by `exit`. Default all of them; only split nodes have several. */
  readonly take?: readonly string[]
  readonly state?: JsonObject
  readonly newTasks?: readonly Task[]
  readonly changedTasks?: readonly Task[]
  readonly effects?: readonly Effect[]
  /** For the timeline, beside those the engine writes itself. */
  readonly events?: readonly NodeRemark[]
  /** End nodes: the outcome of the run. */
  readonly outcome?: string
  readonly incident?: { readonly code: string; readonly data: JsonObject }
}

/** Something a node has to say in the timeline. */
export interface NodeRemark {
  readonly type: FlowEventType
  readonly task?: string
  readonly data: JsonObject
}

/** A question about people that only the outside can answer. */
export type PeopleQuestion =
  | { readonly ask: 'user'; readonly user: string }
  | { readonly ask: 'role'; readonly role: string }
  /** A path from the record to a user field: `customer.manager`. */
  | { readonly ask: 'field'; readonly path: string }
  | { readonly ask: 'applicant' }
  | { readonly ask: 'admin' }

export type NodeEvent =
  | {
      readonly type: 'decided'
      readonly task: Task
      readonly decision: string
      readonly by: string
      readonly comment: string | null
    }
  | { readonly type: 'effect_done'; readonly key: string; readonly result: JsonObject }
  | { readonly type: 'arrived'; readonly edge: string }

/** One of the answers that a task offers. */
export interface Decision {
  readonly key: string
  readonly title: Text
  /** What was done, as the timeline says it after a name: "approved it". */
  readonly done: Text
  /** What the task becomes. */
  readonly state: TaskState
  readonly commentRequired: boolean
}

/** Everything the platform knows of one node type, in one folder. The list is `nodes/index.ts`. */
export interface NodeType<S extends TSchema = TSchema> {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** JSON Schema of the settings beside `x-id`, `type` and `title`. */
  readonly settings: S
  /** How many edges lead in and out: the first and last node of a flow, or one on the way (default). */
  readonly place?: 'start' | 'end'
  /**
   * What it does to the run when it has several edges: `xor` (default) one goes on, `and` all do, `or` some do.
   * A node that gathers what such a split let loose says so with `joins`.
   */
  readonly splits?: 'xor' | 'and' | 'or'
  readonly joins?: 'and' | 'or'
  /** Its edges carry conditions: tried in order, one is the default. */
  readonly conditional?: boolean
  /** Names of the exits, from the settings of the node. Empty for an end. */
  exits(node: NodeOf<S>): readonly string[]
  /** Exit → what a person reads for it, where there is more than one way out. */
  readonly exitTitles?: Readonly<Record<string, Text>>
  check(node: NodeOf<S>, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[]
  /** The questions that must be answered before `run`. */
  people?(node: NodeOf<S>, flow: FlowDefinition): readonly PeopleQuestion[]
  /** The answers that a task of this node offers. Node types without tasks have none. */
  decisions?(node: NodeOf<S>, flow: FlowDefinition): readonly Decision[]
  /** On entry, and again when an administrator retries after an incident. */
  run(context: NodeContext<S>): NodeStep
  /** On an event for a node that waits. `tasks` are those of this activation, with the decision already in them. */
  resume?(context: NodeContext<S>, event: NodeEvent, tasks: readonly Task[]): NodeStep
  /** One sentence of the timeline for events that are this node type's own; null: the common sentence will do. */
  trace(event: FlowEvent, locale: Locale): string | null
}

export function defineNodeType<S extends TSchema>(type: NodeType<S>): NodeType<S> {
  return type
}
