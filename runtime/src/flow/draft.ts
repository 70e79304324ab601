import type { JsonObject } from '../json.ts'
import type { Advance } from './command.ts'
import { summariseRun } from './replay.ts'
import {
  type Activation,
  type Effect,
  type FlowEvent,
  type FlowEventType,
  type FlowRun,
  isClosed,
  isOpen,
  type Task,
  type Timer,
} from './run.ts'

/** A run while one command is at work on it: remembers what changed, hands out plain data at the end. */
export class RunDraft {
  private readonly activationsById: Map<string, Activation>
  private readonly tasksById: Map<string, Task>
  private readonly timersById: Map<string, Timer>
  private readonly before: {
    tasks: Map<string, Task>
    timers: Map<string, Timer>
    steps: Map<string, Activation>
  }
  private readonly effects = new Map<string, Effect>()
  private readonly again = new Map<string, JsonObject | null>()
  private readonly givenUp = new Set<string>()
  private readonly cancelled = new Set<string>()
  private readonly events: FlowEvent[] = []
  private ended: { node: string; outcome: string | null } | null = null

  constructor(
    private run: FlowRun,
    private readonly now: string,
  ) {
    this.activationsById = new Map(run.activations.map((one) => [one.id, one]))
    this.tasksById = new Map(run.tasks.map((one) => [one.id, one]))
    this.timersById = new Map(run.timers.map((one) => [one.id, one]))
    this.before = {
      tasks: new Map(this.tasksById),
      timers: new Map(this.timersById),
      steps: new Map(this.activationsById),
    }
  }

  get id() {
    return this.run.id
  }
  get applicant() {
    return this.run.applicant
  }
  get status() {
    return this.run.status
  }
  get closed() {
    return isClosed(this.run)
  }
  get activations(): readonly Activation[] {
    return [...this.activationsById.values()]
  }
  get tasks(): readonly Task[] {
    return [...this.tasksById.values()]
  }
  get timers(): readonly Timer[] {
    return [...this.timersById.values()]
  }

  /** The run as it stands at this moment. */
  view(): FlowRun {
    return { ...this.run, activations: this.activations, tasks: this.tasks, timers: this.timers }
  }

  activation(id: string): Activation | undefined {
    return this.activationsById.get(id)
  }
  task(id: string): Task | undefined {
    return this.tasksById.get(id)
  }
  timer(id: string): Timer | undefined {
    return this.timersById.get(id)
  }
  tasksOf(activation: string): readonly Task[] {
    return this.tasks.filter((task) => task.activation === activation)
  }
  active(): readonly Activation[] {
    return this.activations.filter(({ status }) => status === 'active')
  }

  changeRun(change: Partial<Omit<FlowRun, 'id' | 'activations' | 'tasks' | 'timers' | 'rev'>>): void {
    this.run = { ...this.run, ...change }
  }

  addActivation(activation: Activation): void {
    this.activationsById.set(activation.id, activation)
  }
  changeActivation(activation: Activation): void {
    this.activationsById.set(activation.id, activation)
  }

  addTask(task: Task): void {
    this.tasksById.set(task.id, task)
    const { node, id, assignee, state, onBehalfOf } = task
    const data: JsonObject = { assignee, state, ...(onBehalfOf === null ? {} : { onBehalfOf }) }
    if (isOpen(task)) this.say('task_created', { node, task: id, data })
    if (state === 'auto_approved')
      this.say('auto_approved', { node, task: id, data: { ...data, rule: task.reason, ref: task.from } })
  }

  changeTask(task: Task): void {
    const { node, id, assignee, reason } = task
    const was = this.tasksById.get(id)
    this.tasksById.set(id, task)
    if (was?.state === task.state) return
    if (task.state === 'cancelled') this.say('task_cancelled', { node, task: id, data: { assignee, reason } })
    if (was?.state === 'waiting' && task.state === 'pending')
      this.say('task_opened', { node, task: id, data: { assignee } })
  }

  /** Gives an open task its final state; whoever decided it says so in `more`. */
  closeTask(task: Task, state: Task['state'], reason: string | null, more: Partial<Task> = {}): Task {
    const closed: Task = { ...task, ...more, state, reason, rev: task.rev + 1, decidedAt: this.now }
    this.changeTask(closed)
    return closed
  }

  setTimer(timer: Timer): void {
    this.timersById.set(timer.id, timer)
  }

  queue(effect: Effect): void {
    this.effects.set(effect.key, effect)
    const node = this.activationsById.get(effect.activation)?.node ?? null
    this.say('effect_queued', { node, data: { key: effect.key, effect: effect.type } })
  }

  /** Has an effect that failed tried again; `payload`: what it is handed now, null: what it was handed. */
  queueAgain({ node }: Pick<Activation, 'node'>, key: string, payload: JsonObject | null): void {
    this.again.set(key, payload)
    this.say('effect_queued', { node, data: { key } })
  }

  /** An effect that failed is not done any more. */
  giveUp(key: string): void {
    this.givenUp.add(key)
  }

  say(
    type: FlowEventType,
    said: { by?: string | null; node?: string | null; task?: string | null; data?: JsonObject } = {},
  ): void {
    const { by = null, node = null, task = null, data = {} } = said
    this.events.push({ type, at: this.now, by, node, task, data })
  }

  reachEnd(node: string, outcome: string | null): void {
    this.ended = { node, outcome }
  }

  /** Breaks a step off: its tasks, timers and queued effects with it. */
  cancel(activation: Activation, reason: string): void {
    for (const task of this.tasksOf(activation.id))
      if (isOpen(task)) this.closeTask(task, 'cancelled', reason)
    this.cancelTimers(activation.id)
    this.changeActivation({ ...activation, status: 'cancelled', leftAt: this.now, incident: null })
    this.cancelled.add(activation.id)
  }

  cancelTimers(activation: string): void {
    for (const timer of this.timers)
      if (timer.activation === activation && timer.state === 'open' && timer.kind !== 'expire')
        this.setTimer({ ...timer, state: 'cancelled', left: null })
  }

  /** Nothing happens by itself any more. */
  private stopClocks(): void {
    for (const timer of this.timers)
      if (timer.state === 'open') this.setTimer({ ...timer, state: 'cancelled', left: null })
  }

  /** Ends the run now: open tasks, steps, timers and effects are cancelled for `reason`. */
  close(status: FlowRun['status'], outcome: string | null, reason: string): void {
    for (const activation of this.active()) this.cancel(activation, reason)
    this.stopClocks()
    this.run = { ...this.run, status, outcome, endedAt: this.now }
  }

  /** After all nodes have had their say: has the run ended, does it stand still? */
  settle(isReturned: boolean): void {
    if (this.closed) return
    const active = this.active()
    if (active.length === 0) {
      const { node = null, outcome = null } = this.ended ?? {}
      const status = outcome === 'approved' || outcome === 'rejected' ? outcome : 'ended'
      this.stopClocks()
      this.run = { ...this.run, status, outcome, endedAt: this.now }
      this.say('ended', { node, data: { outcome } })
      return
    }
    if (this.run.status === 'suspended') return
    const isStuck = this.activations.some(({ incident }) => incident !== null)
    this.run = { ...this.run, status: isStuck ? 'incident' : isReturned ? 'returned' : 'running' }
  }

  finish(): Omit<Extract<Advance, { kind: 'advanced' }>, 'told'> {
    const [tasks, timers] = [this.tasks, this.timers]
    const changedTasks = tasks.filter((task) => differs(this.before.tasks, task))
    const changedTimers = timers.filter((timer) => differs(this.before.timers, timer))
    const run = { ...this.run, activations: this.activations, tasks, timers, rev: this.run.rev + 1 }
    this.sayChanges(run)
    return {
      kind: 'advanced',
      run,
      newTasks: tasks.filter((task) => !this.before.tasks.has(task.id)),
      changedTasks,
      newTimers: timers.filter((timer) => !this.before.timers.has(timer.id)),
      changedTimers,
      effects: [...this.effects.values()],
      again: [...this.again].map(([key, payload]) => ({ key, payload })),
      givenUp: [...this.givenUp],
      cancelledActivations: [...this.cancelled],
      events: this.events,
    }
  }

  /** One event that tells every row's new state, so that the history alone gives the run back. */
  private sayChanges(run: FlowRun): void {
    const { steps, tasks, timers } = this.before
    const rows = {
      activations: run.activations.filter((row) => steps.get(row.id) !== row),
      tasks: run.tasks.filter((row) => tasks.get(row.id) !== row),
      timers: run.timers.filter((row) => timers.get(row.id) !== row),
    }
    this.say('changed', { data: { ...summariseRun({ ...run, ...rows }) } })
  }
}

function differs<T extends { id: string }>(before: ReadonlyMap<string, T>, row: T): boolean {
  const was = before.get(row.id)
  return was !== undefined && was !== row
}
