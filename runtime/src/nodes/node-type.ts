import type { TSchema } from 'typebox'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { Activation, Effect, Task } from '../flow/run.ts'
import type { JsonObject } from '../json.ts'
import type { Locale, Text } from '../text.ts'

/** All that a node may ask of the outside; gathered by the server before it calls `advance`. */
export interface NodeContext {
  readonly flow: FlowDefinition
  readonly node: FlowNode
  readonly activation: Activation
  readonly applicant: string
  readonly now: string
  /** The record's values and what its references lead to, as rules read them. */
  readonly data: JsonObject
  /** People by question; resolved for exactly the questions that `people` of the node type named. */
  readonly people: readonly (readonly string[])[]
  newId(): string
}

/** What a node wants: to wait, or to leave by an exit; with the tasks and effects it makes. */
export interface NodeStep {
  readonly exit: string | null
  readonly state?: JsonObject
  readonly newTasks?: readonly Task[]
  readonly changedTasks?: readonly Task[]
  readonly effects?: readonly Effect[]
  /** End nodes: the outcome of the run. */
  readonly outcome?: string
  readonly incident?: { readonly code: string; readonly data: JsonObject }
}

/** A question about people that only the outside can answer. */
export type PeopleQuestion =
  | { readonly ask: 'user'; readonly user: string }
  | { readonly ask: 'role'; readonly role: string }
  /** A path from the record to a user field: `partner.channel_manager`. */
  | { readonly ask: 'field'; readonly path: string }
  | { readonly ask: 'applicant' }
  | { readonly ask: 'admin' }

export type NodeEvent =
  | { readonly type: 'decided'; readonly task: Task; readonly decision: 'approve' | 'reject'; readonly by: string; readonly comment: string | null }
  | { readonly type: 'effect_done'; readonly key: string; readonly result: JsonObject }
  | { readonly type: 'effect_failed'; readonly key: string; readonly error: JsonObject }

/** Everything the platform knows of one node type, in one folder. The list is `nodes/index.ts`. */
export interface NodeType<S extends TSchema = TSchema> {
  readonly name: string
  readonly title: Text
  readonly icon: string
  readonly settings: S
  /** Names of the exits, from the settings of the node. Empty for an end. */
  exits(node: FlowNode): readonly string[]
  check(node: FlowNode, flow: FlowDefinition, set: DefinitionSet, pointer: string): Diagnostic[]
  /** The questions that must be answered before `run`. */
  people?(node: FlowNode, flow: FlowDefinition): readonly PeopleQuestion[]
  /** On entry. */
  run(context: NodeContext): NodeStep
  /** On an event for a node that waits. */
  resume?(context: NodeContext, event: NodeEvent, tasks: readonly Task[]): NodeStep
  /** One sentence of the timeline. */
  trace(data: JsonObject, locale: Locale): string
}

export function defineNodeType<S extends TSchema>(type: NodeType<S>): NodeType<S> {
  return type
}
