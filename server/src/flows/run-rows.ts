import { isStuck } from '@channelwright/runtime/flow/incident.ts'
import type { Activation, FlowRun, Task, Timer } from '@channelwright/runtime/flow/run.ts'

// How runs, steps, tasks and timers lie in their tables, both ways. The columns stand beside what they hold, once.

/** Column → its type and the value of it. */
export interface Column<T> {
  readonly name: string
  readonly type: string
  /** A change of the row may change it. */
  readonly changes?: boolean
  value(of: T): unknown
}

const column = <T>(name: string, type: string, value: (of: T) => unknown, changes = false): Column<T> => ({
  name,
  type,
  value,
  changes,
})
const changing = <T>(name: string, type: string, value: (of: T) => unknown) => column(name, type, value, true)

export const runColumns: readonly Column<FlowRun>[] = [
  column('id', 'uuid', (run) => run.id),
  column('flow', 'text', (run) => run.flow),
  changing('release', 'integer', (run) => run.release),
  column('object', 'text', (run) => run.object),
  column('record', 'uuid', (run) => run.record),
  column('applicant', 'uuid', (run) => run.applicant),
  changing('status', 'text', (run) => run.status),
  changing('stuck', 'boolean', isStuck),
  changing('outcome', 'text', (run) => run.outcome),
  changing('rev', 'integer', (run) => run.rev),
  column('started_at', 'timestamptz', (run) => run.startedAt),
  changing('ended_at', 'timestamptz', (run) => run.endedAt),
  changing('round', 'integer', (run) => run.round),
  changing('returns', 'integer', (run) => run.returns),
  changing('reminded_at', 'timestamptz', (run) => run.remindedAt),
  changing('reminders', 'integer', (run) => run.reminders),
  column('parent_run', 'uuid', (run) => run.parent?.run ?? null),
  column('parent_activation', 'uuid', (run) => run.parent?.activation ?? null),
  column('parent_item', 'text', (run) => run.parent?.item ?? null),
  changing('picks', 'jsonb', (run) => run.picks),
  column('given', 'jsonb', (run) => run.given),
]

export const activationColumns: readonly Column<Activation>[] = [
  column('id', 'uuid', (one) => one.id),
  // A migration to another release may bring a step to the node that took its place.
  changing('node', 'text', (one) => one.node),
  changing('status', 'text', (one) => one.status),
  changing('exit', 'text', (one) => one.exit),
  column('via', 'text', (one) => one.via),
  column('entered_at', 'timestamptz', (one) => one.enteredAt),
  changing('left_at', 'timestamptz', (one) => one.leftAt),
  changing('state', 'jsonb', (one) => one.state),
  changing('incident', 'jsonb', (one) => one.incident),
  column('round', 'integer', (one) => one.round),
  column('cause', 'text', (one) => one.cause),
  column('data_version', 'integer', (one) => one.dataVersion),
  changing('back', 'jsonb', (one) => one.back),
]

export const taskColumns: readonly Column<Task>[] = [
  column('id', 'uuid', (task) => task.id),
  column('activation', 'uuid', (task) => task.activation),
  changing('node', 'text', (task) => task.node),
  column('assignee', 'uuid', (task) => task.assignee),
  changing('state', 'text', (task) => task.state),
  changing('rev', 'integer', (task) => task.rev),
  changing('reason', 'text', (task) => task.reason),
  changing('comment', 'text', (task) => task.comment),
  column('created_at', 'timestamptz', (task) => task.createdAt),
  changing('decided_at', 'timestamptz', (task) => task.decidedAt),
  changing('decided_by', 'uuid', (task) => task.decidedBy),
  changing('slot', 'integer', (task) => task.slot),
  changing('weight', 'integer', (task) => task.weight),
  changing('parent', 'uuid', (task) => task.parent),
  changing('link', 'text', (task) => task.link),
  changing('sign_group', 'text', (task) => task.group),
  changing('sign_order', 'text', (task) => task.order),
  changing('from_task', 'uuid', (task) => task.from),
  changing('added_by', 'uuid', (task) => task.addedBy),
  changing('on_behalf_of', 'uuid', (task) => task.onBehalfOf),
  changing('delegation', 'uuid', (task) => task.delegation),
  changing('opinion_only', 'boolean', (task) => task.opinionOnly),
  changing('due_at', 'timestamptz', (task) => task.dueAt),
  changing('evidence', 'jsonb', (task) => task.evidence),
  changing('data_version', 'integer', (task) => task.dataVersion),
]

export const timerColumns: readonly Column<Timer>[] = [
  column('id', 'uuid', (timer) => timer.id),
  column('activation', 'uuid', (timer) => timer.activation),
  column('task', 'uuid', (timer) => timer.task),
  column('kind', 'text', (timer) => timer.kind),
  changing('due_at', 'timestamptz', (timer) => timer.dueAt),
  changing('data', 'jsonb', (timer) => timer.data),
  changing('state', 'text', (timer) => timer.state),
  changing('remaining', 'bigint', (timer) => timer.left),
  changing('reckoned', 'jsonb', (timer) => timer.reckoned),
]

/** A row as Postgres gives it, by column. Instants are ISO texts, bigints are texts (`db/pools.ts`). */
export type Row = Readonly<Record<string, never>>

export function readRunRow(row: Row): Omit<FlowRun, 'activations' | 'tasks' | 'timers'> {
  return {
    id: row.id!,
    flow: row.flow!,
    release: row.release!,
    object: row.object!,
    record: row.record!,
    applicant: row.applicant!,
    status: row.status!,
    outcome: row.outcome!,
    startedAt: row.started_at!,
    endedAt: row.ended_at!,
    rev: row.rev!,
    round: row.round!,
    returns: row.returns!,
    remindedAt: row.reminded_at!,
    reminders: row.reminders!,
    parent:
      row.parent_run === null
        ? null
        : { run: row.parent_run!, activation: row.parent_activation!, item: row.parent_item! },
    picks: row.picks!,
    given: row.given!,
  }
}

export function readActivationRow(row: Row): Activation {
  return {
    id: row.id!,
    node: row.node!,
    status: row.status!,
    exit: row.exit!,
    via: row.via!,
    enteredAt: row.entered_at!,
    leftAt: row.left_at!,
    state: row.state!,
    incident: row.incident!,
    round: row.round!,
    cause: row.cause!,
    dataVersion: row.data_version!,
    back: row.back!,
  }
}

export function readTaskRow(row: Row): Task {
  return {
    id: row.id!,
    activation: row.activation!,
    node: row.node!,
    assignee: row.assignee!,
    state: row.state!,
    rev: row.rev!,
    reason: row.reason!,
    comment: row.comment!,
    createdAt: row.created_at!,
    decidedAt: row.decided_at!,
    decidedBy: row.decided_by!,
    slot: row.slot!,
    weight: row.weight!,
    parent: row.parent!,
    link: row.link!,
    group: row.sign_group!,
    order: row.sign_order!,
    from: row.from_task!,
    addedBy: row.added_by!,
    onBehalfOf: row.on_behalf_of!,
    delegation: row.delegation!,
    opinionOnly: row.opinion_only!,
    dueAt: row.due_at!,
    evidence: row.evidence!,
    dataVersion: row.data_version!,
  }
}

export function readTimerRow(row: Row): Timer {
  const remaining: string | null = row.remaining!
  return {
    id: row.id!,
    activation: row.activation!,
    task: row.task!,
    kind: row.kind!,
    dueAt: row.due_at!,
    data: row.data!,
    state: row.state!,
    left: remaining === null ? null : Number(remaining),
    reckoned: row.reckoned!,
  }
}
