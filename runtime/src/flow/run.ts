import type { JsonObject } from '../json.ts'

/** One case of a flow over one record. Plain data: stored as rows, passed to and returned by `advance`. */
export interface FlowRun {
  readonly id: string
  readonly flow: string
  readonly release: number
  readonly object: string
  readonly record: string
  readonly applicant: string
  readonly status: 'running' | 'approved' | 'rejected' | 'withdrawn' | 'terminated' | 'ended' | 'incident'
  readonly outcome: string | null
  readonly startedAt: string
  readonly endedAt: string | null
  /** Counts the changes of the run; a command that carries an older number is refused. */
  readonly rev: number
  readonly activations: readonly Activation[]
  readonly tasks: readonly Task[]
}

/** One entry into a node. A node that is entered again gets a new one. */
export interface Activation {
  readonly id: string
  readonly node: string
  readonly status: 'active' | 'done' | 'cancelled'
  readonly exit: string | null
  /** The edge it was entered by; null for the start. The activations of a run in order are the path taken. */
  readonly via: string | null
  readonly enteredAt: string
  readonly leftAt: string | null
  /** What the node type keeps between run and resume. */
  readonly state: JsonObject
  /** Why the node can't go on by itself; an administrator retries or terminates. */
  readonly incident: { readonly code: string; readonly data: JsonObject } | null
}

export type TaskState =
  | 'waiting'
  | 'pending'
  | 'approved'
  | 'rejected'
  | 'cancelled'
  | 'auto_approved'
  | 'skipped'

/** What a person must do. */
export interface Task {
  readonly id: string
  readonly activation: string
  readonly node: string
  readonly assignee: string
  readonly state: TaskState
  /** Counts the changes of the task; a decision made on an older screen is refused. */
  readonly rev: number
  readonly reason: string | null
  readonly comment: string | null
  readonly createdAt: string
  readonly decidedAt: string | null
  readonly decidedBy: string | null
}

/** What the flow asks the server to do. Applied once, whatever dies: `key` is `run:activation:node:seq`. */
export interface Effect {
  readonly key: string
  readonly activation: string
  /** One of the list `nodes/action/effects/index.ts`. */
  readonly type: string
  readonly payload: JsonObject
}

/** Types of events. A node type may add its own, said by its `trace`. */
export type FlowEventType =
  | 'started'
  | 'entered'
  | 'task_created'
  | 'decided'
  | 'task_cancelled'
  | 'auto_approved'
  | 'nobody_found'
  | 'took_edge'
  | 'effect_queued'
  | 'effect_done'
  | 'incident'
  | 'retried'
  | 'ended'
  | 'withdrawn'
  | 'terminated'

/** What happened, in order; appended to the run's history and shown as its timeline. */
export interface FlowEvent {
  readonly type: FlowEventType
  readonly at: string
  readonly by: string | null
  readonly node: string | null
  readonly task: string | null
  readonly data: JsonObject
}

/** The run has come to its end, one way or another; nothing changes it any more. */
export function isClosed(run: FlowRun): boolean {
  return run.status !== 'running' && run.status !== 'incident'
}

/** The key under which an effect is applied once, whatever dies. */
export function effectKey(run: string, activation: string, node: string, seq: number): string {
  return `${run}:${activation}:${node}:${seq}`
}
