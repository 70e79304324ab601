import type { FlowDefinition } from '../definition/flow.ts'
import type { JsonObject } from '../json.ts'
import type { Advance, FlowCommand } from './command.ts'
import {
  type Activation,
  type Effect,
  type FlowEvent,
  type FlowEventType,
  type FlowRun,
  isClosed,
  type Task,
} from './run.ts'

/** A run while one command is at work on it: remembers what changed, hands out plain data at the end. */
export class RunDraft {
  activations: Activation[]
  tasks: Task[]
  private readonly newTasks = new Set<string>()
  private readonly changedTasks = new Set<string>()
  private readonly effects = new Map<string, Effect>()
  private readonly cancelled = new Set<string>()
  private readonly events: FlowEvent[] = []
  private ended: { node: string; outcome: string | null } | null = null

  private constructor(
    private run: FlowRun,
    private readonly now: string,
  ) {
    this.activations = [...run.activations]
    this.tasks = [...run.tasks]
  }

  static from(flow: FlowDefinition, run: FlowRun | null, command: FlowCommand, now: string): RunDraft {
    if (run !== null) {
      if (command.type === 'start') throw new Error(`Run ${run.id} has started already`)
      return new RunDraft(run, now)
    }
    if (command.type !== 'start') throw new Error('A run begins with the command start')
    const { release, object, record, applicant } = command
    const fresh: FlowRun = {
      id: command.run,
      flow: flow.key,
      release,
      object,
      record,
      applicant,
      status: 'running',
      outcome: null,
      startedAt: now,
      endedAt: null,
      rev: 0,
      activations: [],
      tasks: [],
    }
    return new RunDraft(fresh, now)
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

  /** The run as it stands at this moment. */
  view(): FlowRun {
    return { ...this.run, activations: this.activations, tasks: this.tasks }
  }

  addActivation(activation: Activation): void {
    this.activations.push(activation)
  }

  changeActivation(activation: Activation): void {
    this.activations = this.activations.map((kept) => (kept.id === activation.id ? activation : kept))
  }

  addTask(task: Task): void {
    this.tasks.push(task)
    this.newTasks.add(task.id)
    this.say('task_created', { node: task.node, task: task.id, data: { assignee: task.assignee } })
  }

  changeTask(task: Task): void {
    this.tasks = this.tasks.map((kept) => (kept.id === task.id ? task : kept))
    if (!this.newTasks.has(task.id)) this.changedTasks.add(task.id)
    if (task.state === 'cancelled')
      this.say('task_cancelled', {
        node: task.node,
        task: task.id,
        data: { assignee: task.assignee, reason: task.reason },
      })
  }

  queue(effect: Effect): void {
    this.effects.set(effect.key, effect)
    const node = this.activations.find((activation) => activation.id === effect.activation)?.node ?? null
    this.say('effect_queued', { node, data: { key: effect.key, effect: effect.type } })
  }

  say(
    type: FlowEventType,
    said: { by?: string; node?: string | null; task?: string | null; data?: JsonObject } = {},
  ): void {
    const { by = null, node = null, task = null, data = {} } = said
    this.events.push({ type, at: this.now, by, node, task, data })
  }

  reachEnd(node: string, outcome: string | null): void {
    this.ended = { node, outcome }
  }

  /** Ends the run now: open tasks, steps and effects are cancelled for `reason`. */
  close(status: FlowRun['status'], outcome: string | null, reason: string): void {
    for (const task of this.tasks)
      if (task.state === 'pending' || task.state === 'waiting')
        this.changeTask({ ...task, state: 'cancelled', reason, rev: task.rev + 1, decidedAt: this.now })
    for (const activation of this.activations)
      if (activation.status === 'active') {
        this.changeActivation({ ...activation, status: 'cancelled', leftAt: this.now, incident: null })
        this.cancelled.add(activation.id)
      }
    this.run = { ...this.run, status, outcome, endedAt: this.now }
  }

  settle(): void {
    if (this.closed) return
    const active = this.activations.filter((activation) => activation.status === 'active')
    if (active.length === 0) {
      const { node = null, outcome = null } = this.ended ?? {}
      const status = outcome === 'approved' || outcome === 'rejected' ? outcome : 'ended'
      this.run = { ...this.run, status, outcome, endedAt: this.now }
      this.say('ended', { node, data: { outcome } })
      return
    }
    const stuck = active.some((activation) => activation.incident !== null)
    this.run = { ...this.run, status: stuck ? 'incident' : 'running' }
  }

  finish(): Advance {
    const run: FlowRun = {
      ...this.run,
      activations: this.activations,
      tasks: this.tasks,
      rev: this.run.rev + 1,
    }
    return {
      kind: 'advanced',
      run,
      newTasks: this.tasks.filter((task) => this.newTasks.has(task.id)),
      changedTasks: this.tasks.filter((task) => this.changedTasks.has(task.id)),
      effects: [...this.effects.values()],
      cancelledActivations: [...this.cancelled],
      events: this.events,
    }
  }
}
