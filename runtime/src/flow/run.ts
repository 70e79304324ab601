import type { JsonObject } from '../json.ts'
import type { Reckoned } from './due-time.ts'
import type { Again } from './incident.ts'

/** A run that may still change; `returned`: it waits at its start for whoever submitted it. */
export const openStatuses = ['running', 'returned', 'suspended', 'incident'] as const
export const closedStatuses = ['approved', 'rejected', 'withdrawn', 'terminated', 'expired', 'ended'] as const
export type RunStatus = (typeof openStatuses)[number] | (typeof closedStatuses)[number]

/** One case of a flow over one record. Plain data: stored as rows, passed to and returned by `advance`. */
export interface FlowRun {
  readonly id: string
  readonly flow: string
  readonly release: number
  readonly object: string
  readonly record: string
  readonly applicant: string
  readonly status: RunStatus
  readonly outcome: string | null
  readonly startedAt: string
  readonly endedAt: string | null
  /** Counts the changes of the run; a command that carries an older number is refused. */
  readonly rev: number
  /** 1, and one more for every time it was submitted, or opened, again. */
  readonly round: number
  /** How often it was sent back; `settings.returnCap` bounds it. */
  readonly returns: number
  /** When those who are waited for were last reminded by a person. */
  readonly remindedAt: string | null
  /** How often that was. */
  readonly reminders: number
  /** The step of another run that started this one and waits for it. */
  readonly parent: { readonly run: string; readonly activation: string; readonly item: string | null } | null
  /** What it was handed when it began: `input` and `item` (`given.ts`); null: nothing. */
  readonly given: JsonObject | null
  /** Node → people whom somebody chose for it beforehand. */
  readonly picks: Readonly<Record<string, readonly string[]>>
  readonly activations: readonly Activation[]
  readonly tasks: readonly Task[]
  readonly timers: readonly Timer[]
}

/**
 * Why a node was entered: in the course of things, because the run was sent back (and every step up to the one that
 * sent it back), straight back to that one, or by an administrator.
 */
export type Cause = 'forward' | 'return' | 'direct' | 'jump' | 'reopen'

/** What the nodes after a return know of it. */
export interface WayBack {
  /** The node that sent the run back. */
  readonly node: string
  /** `replay`: everything in between is done again; `direct`: the run goes straight back to the node. */
  readonly resume: 'replay' | 'direct'
  /** Who had a seat at the node when it sent the run back, and what it weighed: `direct` asks the same again. */
  readonly people: readonly Asked[]
}

/** Somebody who is to be asked at a step, and what their voice weighs there. */
export interface Asked {
  readonly user: string
  readonly weight: number
  /** The case did not come to their turn, or they had left by then: they never had a task. */
  readonly isUnasked?: boolean
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
  /**
   * Why the node can't go on by itself, or which of its effects could not be done, whether or not it was left since; an
   * administrator retries, skips or terminates.
   */
  readonly incident: Incident | null
  readonly round: number
  readonly cause: Cause
  /** Version of the record on entry; null where nobody said. */
  readonly dataVersion: number | null
  readonly back: WayBack | null
}

/** Something stands still until an administrator sees to it. `code`: one of `errors/flows.ts`, for its words. */
export interface Incident {
  readonly code: string
  readonly data: JsonObject
  /** What is tried again. Missing where the incident was written before there was a choice. */
  readonly again?: Again
  /** What stood still at the step before this and still does. */
  readonly earlier?: readonly Incident[]
}

export const taskStates = [
  'waiting',
  'pending',
  'approved',
  'rejected',
  'returned',
  'done',
  'transferred',
  'cancelled',
  'expired',
  'auto_approved',
  'auto_rejected',
  'skipped',
] as const
/** All but `waiting` and `pending` are final: what is undone becomes a new task. */
export type TaskState = (typeof taskStates)[number]

/** What a person added to a decision beside words. */
export interface Evidence {
  /** A drawn or typed signature, as the signing widget made it; null: not signed. */
  readonly signature: string | null
  /** Ids of files. */
  readonly attachments: readonly string[]
}

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
  /** The seat of the node that the task votes for. Tasks of one seat share one vote: whoever acts first casts it. */
  readonly slot: number
  /** What the vote of the seat weighs, where votes are weighed. A whole number. */
  readonly weight: number
  /** The task of whoever added this one. */
  readonly parent: string | null
  /** How it belongs to `parent`; null: the node itself asked. `parallel` is a seat of its own. */
  readonly link: 'before' | 'after' | 'parallel' | 'delegate' | null
  /** Those added together; they decide by `order`. */
  readonly group: string | null
  readonly order: 'any' | 'all' | 'sequential' | null
  /** The task whose place this one took, or on which it rests. */
  readonly from: string | null
  readonly addedBy: string | null
  /** For whom the assignee acts, and by which delegation window. */
  readonly onBehalfOf: string | null
  readonly delegation: string | null
  /** Heard, but without a vote. */
  readonly opinionOnly: boolean
  readonly dueAt: string | null
  readonly evidence: Evidence | null
  /** Version of the record that the decision was made on. */
  readonly dataVersion: number | null
}

/** Something that happens by itself at a time. Stored as a row; fires as command `timer`, once. */
export interface Timer {
  readonly id: string
  readonly activation: string
  readonly task: string | null
  /** `timeout`: of a task; `expire`: of the run, kept with its first step; any other word belongs to the node type. */
  readonly kind: string
  readonly dueAt: string
  readonly data: JsonObject
  readonly state: 'open' | 'fired' | 'cancelled'
  /** Milliseconds that remained when it was stopped; null: it runs. A stopped timer does not fire. */
  readonly left: number | null
  /** By what the due time was reckoned; null: by no calendar, or by none any more, since it stood still meanwhile. */
  readonly reckoned: Reckoned | null
}

/** What the flow asks the server to do. Applied once, whatever dies: `key` is `run:activation:node:seq`. */
export interface Effect {
  readonly key: string
  readonly activation: string
  /** One of the list `nodes/action/effects/index.ts`. */
  readonly type: string
  readonly payload: JsonObject
  /** It takes back what a step has done: it is done though the step was broken off. */
  readonly undoes?: boolean
}

/** Types of events. A node type may add its own, said by its `trace`. */
export const flowEventTypes = [
  'started',
  'entered',
  'task_created',
  'task_opened',
  'decided',
  'task_cancelled',
  'auto_approved',
  'nobody_found',
  'took_edge',
  'effect_queued',
  'effect_done',
  'effect_left',
  'incident',
  'retried',
  'ended',
  'withdrawn',
  'terminated',
  'returned',
  'resubmitted',
  'transferred',
  'delegated',
  'opinion_given',
  'signers_added',
  'copied',
  'signer_removed',
  'taken_back',
  'reassigned',
  'reminded',
  'suspended',
  'resumed',
  'skipped',
  'jumped',
  'reopened',
  'migrated',
  'person_left',
  'delegation_ended',
  'timed_out',
  'timer_late',
  'signalled',
  'child_ended',
  'job_failed',
  'undone',
  'left_as_is',
  'not_reckoned',
  'calendar_short',
  'due_moved',
  'expired',
  'changed',
] as const
export type FlowEventType = (typeof flowEventTypes)[number]

/** What happened, in order; appended to the run's history and shown as its timeline. */
export interface FlowEvent {
  readonly type: FlowEventType
  readonly at: string
  readonly by: string | null
  readonly node: string | null
  readonly task: string | null
  readonly data: JsonObject
}

/** The run has come to its end, one way or another; only an administrator opens it again. */
export function isClosed(run: Pick<FlowRun, 'status'>): boolean {
  return (closedStatuses as readonly string[]).includes(run.status)
}

/** The task still waits, for its person or for its turn. */
export function isOpen(task: Pick<Task, 'state'>): boolean {
  return task.state === 'pending' || task.state === 'waiting'
}

/** The key under which an effect is applied once, whatever dies. */
export function effectKey(run: string, activation: string, node: string, seq: number | string): string {
  return `${run}:${activation}:${node}:${seq}`
}

/** The last part of an effect's key: which of those of its step it is. */
export function effectSeq(key: string): string {
  return key.split(':').slice(3).join(':')
}

/** Whether it takes back what a step has done. */
export function isUndoKey(key: string): boolean {
  return /^undo\d+$/.test(effectSeq(key))
}

/** What every new task says; the rest is given where it differs from one that the node itself asks for. */
export function newTask(
  task: Pick<Task, 'id' | 'activation' | 'node' | 'assignee' | 'createdAt'> & Partial<Task>,
): Task {
  return {
    state: 'pending',
    rev: 1,
    reason: null,
    comment: null,
    decidedAt: null,
    decidedBy: null,
    slot: 0,
    weight: 1,
    parent: null,
    link: null,
    group: null,
    order: null,
    from: null,
    addedBy: null,
    onBehalfOf: null,
    delegation: null,
    opinionOnly: false,
    dueAt: null,
    evidence: null,
    dataVersion: null,
    ...task,
  }
}
