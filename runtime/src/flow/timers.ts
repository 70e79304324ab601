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
 * Brings timers in line with their tasks: one that has come to its turn has its clocks, one that waits for others has
 * them stopped with what remains, one that is closed has none. While the run is suspended all stand still, and none are
 * begun.
 */
export function tendTimers(engine: Engine): void {
  const { draft } = engine
  const isSuspended = draft.status === 'suspended'
  for (const timer of draft.timers) {
    if (timer.state !== 'open') continue
    const task = timer.task === null ? undefined : draft.task(timer.task)
    if (task !== undefined && !isOpen(task)) draft.setTimer({ ...timer, state: 'cancelled', left: null })
    else if (isSuspended || task?.state === 'waiting') stopTimer(engine, timer)
    else startTimer(engine, timer)
  }
  if (isSuspended) return
  // Whoever has clocks has a date that people see: who has none may have come to their turn while nothing was begun.
  for (const task of draft.tasks) if (task.state === 'pending' && task.dueAt === null) armTask(engine, task)
  armExpiry(engine)
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

/** A clock is due at another time; whoever must act by then is shown the new date as well. */
export function moveTimer(
  { draft }: Engine,
  timer: Timer,
  moved: Pick<Timer, 'dueAt'> & Partial<Timer>,
): void {
  draft.setTimer({ ...timer, ...moved })
  const { dueAt } = moved
  const activation = draft.activation(timer.activation)
  const isShown = (time: unknown) => typeof time === 'string' && Date.parse(time) === Date.parse(timer.dueAt)
  if (activation !== undefined && isShown(activation.state.due))
    draft.changeActivation({ ...activation, state: { ...activation.state, due: dueAt } })
  for (const task of draft.tasksOf(timer.activation)) {
    const isIts = timer.task === null || timer.task === task.id
    if (timer.kind !== 'expire' && isIts && isOpen(task) && isShown(task.dueAt))
      draft.changeTask({ ...task, dueAt })
  }
}

function stopTimer(engine: Engine, timer: Timer): void {
  if (timer.left !== null) return
  engine.draft.setTimer({ ...timer, left: Math.max(0, millisBetween(engine.now, timer.dueAt)) })
}

/** What was left of it runs on. That is no longer so many days from a beginning, so no calendar moves it any more. */
function startTimer(engine: Engine, timer: Timer): void {
  if (timer.left === null) return
  moveTimer(engine, timer, { dueAt: plusMillis(engine.now, timer.left), left: null, reckoned: null })
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
