import type { FlowNode } from '../definition/flow.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { dueIn } from './context.ts'
import { type Duration, millisBetween, plusMillis } from './due-time.ts'
import type { Engine } from './engine.ts'
import { armExpiry } from './expiry.ts'
import { isOpen, type Task, type Timer } from './run.ts'

/** What happens when a task has waited too long; `timeouts` of the nodes that have tasks. */
export interface Timeout extends Duration {
  readonly do: 'remind' | 'escalate' | 'transfer' | 'approve' | 'reject' | 'return'
  /** A person's id, or the node to go back to. */
  readonly to?: string | JsonObject
  /** How often: reminders repeat, escalations climb. Default 1. */
  readonly max?: number
}

export function timeoutsOf(node: FlowNode | undefined): readonly Timeout[] {
  return Array.isArray(node?.timeouts) ? (node.timeouts as readonly Timeout[]) : []
}

/**
 * Brings timers in line with their tasks: one that has come to its turn has its clock started, one that waits for
 * others has it stopped with what remains, one that is closed has none.
 */
export function tendTimers(engine: Engine): void {
  const { draft } = engine
  const isSuspended = draft.status === 'suspended'
  const byTask = new Map<string, Timer[]>()
  for (const timer of draft.timers)
    if (timer.task !== null && timer.state === 'open')
      byTask.set(timer.task, [...(byTask.get(timer.task) ?? []), timer])
  for (const task of draft.tasks) {
    const timers = byTask.get(task.id) ?? []
    if (!isOpen(task)) {
      for (const timer of timers) draft.setTimer({ ...timer, state: 'cancelled', left: null })
      continue
    }
    if (draft.wasTask(task.id) === task) continue
    if (task.state === 'waiting' || isSuspended) for (const timer of timers) stopTimer(engine, timer)
    else if (timers.length > 0) for (const timer of timers) startTimer(engine, timer)
    else if (task.dueAt === null) armTask(engine, task)
  }
  if (!isSuspended) {
    armExpiry(engine)
    return
  }
  for (const timer of draft.timers) if (timer.state === 'open') stopTimer(engine, timer)
}

/** Starts the clocks that the node of a task says. */
export function armTask(engine: Engine, task: Task): void {
  const { draft } = engine
  const timeouts = timeoutsOf(engine.graph.nodes.get(task.node))
  const dues = timeouts.map((timeout) => dueIn(engine, timeout))
  for (const [rule, due] of dues.entries()) {
    if (!due.exact) draft.say('calendar_short', { node: task.node, task: task.id, data: { due: due.at } })
    addTaskTimer(engine, task, due, { rule, count: 0 })
  }
  // The date that people see is when something happens to the task, not when somebody is reminded of it.
  const acting = timeouts.findIndex((timeout) => timeout.do !== 'remind')
  const dueAt = dues[Math.max(0, acting)]?.at ?? null
  if (dueAt !== null) draft.changeTask({ ...task, dueAt })
}

export function addTaskTimer(
  engine: Engine,
  task: Task,
  { at: dueAt, reckoned }: ReturnType<typeof dueIn>,
  data: JsonObject,
): void {
  engine.draft.setTimer({
    id: engine.ports.newId(),
    activation: task.activation,
    task: task.id,
    kind: 'timeout',
    dueAt,
    data,
    state: 'open',
    left: null,
    reckoned,
  })
}

/** The clocks of a task go on for the one that takes its place. */
export function moveTimers(engine: Engine, from: Task, to: Task): void {
  const { draft } = engine
  for (const timer of draft.timers) {
    if (timer.task !== from.id || timer.state !== 'open') continue
    draft.setTimer({ ...timer, state: 'cancelled', left: null })
    draft.setTimer({ ...timer, id: engine.ports.newId(), task: to.id })
  }
}

export function stopTimer(engine: Engine, timer: Timer): void {
  if (timer.left !== null) return
  engine.draft.setTimer({ ...timer, left: Math.max(0, millisBetween(engine.now, timer.dueAt)) })
}

/** What was left of it runs on. That is no longer so many days from a beginning, so no calendar moves it any more. */
export function startTimer(engine: Engine, timer: Timer): void {
  if (timer.left === null) return
  engine.draft.setTimer({ ...timer, dueAt: plusMillis(engine.now, timer.left), left: null, reckoned: null })
}

/** The rule by which a timer of a task was made, and how often it has come round. */
export function readTimeout(
  timer: Timer,
  node: FlowNode,
): { rule: number; count: number; timeout: Timeout } | null {
  const { rule, count } = isJsonObject(timer.data) ? timer.data : {}
  const timeout = typeof rule === 'number' ? timeoutsOf(node)[rule] : undefined
  return timeout === undefined || typeof rule !== 'number'
    ? null
    : { rule, count: typeof count === 'number' ? count : 0, timeout }
}
