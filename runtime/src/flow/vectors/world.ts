import type { FlowDefinition } from '../../definition/flow.ts'
import type { Json, JsonObject } from '../../json.ts'
import type { WorkCalendar } from '../../logic/calendars/work-calendar.ts'
import { advance } from '../advance.ts'
import type { Advance, FlowCommand, FlowPorts } from '../command.ts'
import { plusMillis } from '../due-time.ts'
import { graphOf } from '../graph.ts'
import { failedEffects } from '../incident.ts'
import { type DelegationWindow, type PeopleQuestion, peopleOfLevels } from '../people.ts'
import type { Effect, FlowEvent, FlowRun, Task } from '../run.ts'
import { findBroken } from './invariants.ts'

type Settings = Readonly<Record<string, unknown>>

/** A node of a test flow: its type and settings under its id. */
export type NodeSketch = Settings & { readonly id: string; readonly type: string }

export interface Sketch {
  /** In a row, unless `edges` says otherwise; every exit `rejected` leads to the refused end. */
  readonly nodes: readonly NodeSketch[]
  /** `from to` or `from exit to`. */
  readonly edges?: readonly string[]
  readonly settings?: Settings
  readonly money?: boolean
}

const words = { en: 'x', zh: 'x' }

export function sketchFlow({ nodes, edges, settings, money }: Sketch): FlowDefinition {
  const all = [
    { id: 'start', type: 'start' },
    ...nodes,
    { id: 'end_ok', type: 'end', outcome: 'approved' },
    { id: 'end_no', type: 'end', outcome: 'rejected' },
  ]
  const row = ['start', ...nodes.map(({ id }) => id), 'end_ok']
  const isBranching = (node: Settings | undefined) =>
    node?.type === 'approval' && (node.onReject === undefined || (node.onReject as Settings).do === 'branch')
  const drawn =
    edges ??
    row.slice(1).flatMap((to, index) => {
      const from = row[index] ?? ''
      return isBranching(nodes.find(({ id }) => id === from))
        ? [`${from} approved ${to}`, `${from} rejected end_no`]
        : [`${from} ${to}`]
    })
  return {
    kind: 'flow/1',
    key: 'test',
    'x-id': 'test',
    title: words,
    object: 'thing',
    trigger: { type: 'record', when: true },
    ...(settings === undefined ? {} : { settings }),
    ...(money === undefined ? {} : { money }),
    nodes: all.map(({ id, type, ...said }) => ({ 'x-id': id, type, title: { en: id, zh: id }, ...said })),
    edges: drawn.map((line, index) => {
      const parts = line.split(' ')
      const [from, exit, to] = parts.length === 3 ? parts : [parts[0], undefined, parts[1]]
      return { 'x-id': `e${index}`, from, to, ...(exit === undefined ? {} : { exit }) }
    }),
  } as unknown as FlowDefinition
}

/** Approvers by their ids. */
export function people(...users: string[]) {
  return users.map((user) => ({ kind: 'user', user }))
}

/** A small world around one run: who is whose superior, who stands in for whom, what time it is. */
export class FlowWorld {
  flow: FlowDefinition
  now = '2026-05-04T01:00:00.000Z'
  version = 1
  changed: readonly string[] | undefined
  admin = false
  admins: string[] = ['adm']
  readonly gone = new Set<string>()
  /** Nearest first, several at one level in a list of their own; the world leaves out those who have left. */
  readonly superiors: Record<string, readonly (string | readonly string[])[]> = {}
  readonly heads: Record<string, readonly (string | readonly string[])[]> = {}
  readonly roles: Record<string, readonly string[]> = {}
  readonly windows: (DelegationWindow & { readonly since: string })[] = []
  readonly releases = new Map<number, FlowDefinition>()
  calendar: WorkCalendar | undefined
  run: FlowRun | null = null
  readonly events: FlowEvent[] = []
  readonly effects: Effect[] = []
  /** Rules that can't be reckoned now, as JSON. */
  readonly fails = new Set<string>()
  /** Keys of effects that have failed and are not tried again yet. */
  readonly failed = new Set<string>()
  private count = 0

  constructor(sketch: Sketch) {
    this.flow = sketchFlow(sketch)
  }

  start(applicant = 'ann', more: Partial<Extract<FlowCommand, { type: 'start' }>> = {}): this {
    return this.do({
      type: 'start',
      run: 'run',
      release: 7,
      object: 'thing',
      record: 'rec',
      applicant,
      ...more,
    })
  }

  /** Carries out a command that must be; throws with the refusal otherwise. */
  do(command: FlowCommand): this {
    const result = this.try(command)
    if (result.kind === 'refused') throw new Error(`${command.type} was refused: ${result.error.code}`)
    return this
  }

  /** The code with which a command is refused; `done` when it is not. */
  refusal(command: FlowCommand): string {
    const result = this.try(command)
    return result.kind === 'refused' ? result.error.code : 'done'
  }

  private try(command: FlowCommand): Exclude<Advance, { kind: 'needs' }> {
    const before = JSON.stringify(this.run)
    const other = command.type === 'migrate' ? this.releases.get(command.release) : undefined
    const result = advance(other ?? this.flow, this.run, command, this.ports())
    if (JSON.stringify(this.run) !== before) throw new Error('the run that was handed in was changed')
    if (result.kind === 'needs') throw new Error('the world answers every question')
    if (result.kind === 'advanced') {
      this.flow = other ?? this.flow
      if (command.type === 'effect_failed') this.failed.add(command.key)
      this.keep(result)
    }
    return result
  }

  private keep(result: Extract<Advance, { kind: 'advanced' }>): void {
    const before = this.run
    // Plain data: what is stored as JSON and read again is the same run.
    this.run = JSON.parse(JSON.stringify(result.run)) as FlowRun
    this.events.push(...result.events)
    const asked = new Set(this.effects.map(({ key }) => key))
    for (const { key } of result.effects)
      if (asked.has(key)) throw new Error(`broken: 8: ${key} is asked for twice, and is done once`)
    this.effects.push(...result.effects)
    for (const { key, payload } of result.again) {
      if (!this.failed.delete(key)) throw new Error(`broken: 8: ${key} is tried again and has not failed`)
      const at = this.effects.findIndex((effect) => effect.key === key)
      const known = this.effects[at]
      if (known !== undefined && payload !== null) this.effects[at] = { ...known, payload }
    }
    for (const key of result.givenUp) {
      const at = this.effects.findIndex((effect) => effect.key === key)
      if (!this.failed.delete(key) || at < 0)
        throw new Error(`broken: 8: ${key} is given up and has not failed`)
      this.effects.splice(at, 1)
    }
    for (let at = this.effects.length - 1; at >= 0; at--)
      if (result.cancelledActivations.includes(this.effects[at]?.activation ?? '') && !this.isUndo(at))
        for (const { key } of this.effects.splice(at, 1)) this.failed.delete(key)
    const broken = findBroken(this.flow, before, this.run, this.events, this.effects, (step) =>
      this.openChildren.some(({ activation }) => activation === step.id),
    )
    const seen = new Set(this.run.activations.flatMap(failedEffects))
    for (const key of this.failed) if (!seen.has(key)) broken.push(`3: ${key} has failed and nobody sees it`)
    if (broken.length > 0) throw new Error(`broken: ${broken.join('; ')}`)
  }

  /** Cases that steps have begun and wait for: begun by the effect of that key. */
  get openChildren(): readonly {
    readonly key: string
    readonly activation: string
    readonly item: string | null
  }[] {
    const done = new Set(this.events.flatMap(({ type, data }) => (type === 'effect_done' ? [data.key] : [])))
    const ended = new Set(this.events.flatMap(({ type, data }) => (type === 'child_ended' ? [data.run] : [])))
    return this.effects.flatMap(({ key, type, activation, payload }) =>
      type === 'start_flow' && done.has(key) && !ended.has(`run of ${key}`)
        ? [{ key, activation, item: typeof payload.item === 'string' ? payload.item : null }]
        : [],
    )
  }

  private isUndo(at: number): boolean {
    return /:(undo|withdraw)/.test(this.effects[at]?.key ?? '')
  }

  ports(): FlowPorts {
    return {
      now: this.now,
      data: { amount: 5 },
      dataVersion: this.version,
      admin: this.admin,
      newId: () => `id${++this.count}`,
      evaluate: (rule: Json) =>
        this.fails.has(JSON.stringify(rule))
          ? { ok: false, code: 'x', reason: 'it fails' }
          : { ok: true, value: rule },
      people: (question) => this.answer(question),
      delegations: (users) =>
        this.windows.filter(
          ({ from, since, until }) =>
            users.includes(from) && since <= this.now && (until === null || this.now < until),
        ),
      calendar: () => this.calendar,
      changedFields: () => this.changed,
      flowOf: (release) => (release === this.run?.release ? this.flow : undefined),
    }
  }

  private answer(question: PeopleQuestion): readonly string[] {
    const active = (users: readonly string[] = []) => users.filter((user) => !this.gone.has(user))
    const levels = (above: readonly (string | readonly string[])[] = []) =>
      peopleOfLevels(
        above.map((level) => (typeof level === 'string' ? [level] : level)),
        'level' in question ? question.level : undefined,
        (user) => !this.gone.has(user),
      )
    switch (question.ask) {
      case 'user':
        return active([question.user])
      case 'applicant':
        return active([this.run?.applicant ?? 'ann'])
      case 'admin':
        return active(this.admins)
      case 'superiors':
        return levels(this.superiors[question.of])
      case 'department_heads':
        return levels(this.heads[question.of])
      case 'role':
        return active(this.roles[question.role])
      default:
        return []
    }
  }

  /** A window by which `to` acts for `from`. */
  delegate(
    from: string,
    to: string,
    since: string,
    until: string | null,
    mode: 'replace' | 'also' = 'replace',
  ): this {
    this.windows.push({ id: `window ${from}-${to}`, from, to, mode, until, since })
    return this
  }

  wait(hours: number): this {
    this.now = plusMillis(this.now, hours * 3_600_000)
    return this
  }

  get tasks(): readonly Task[] {
    return this.run?.tasks ?? []
  }

  /** The latest task of a person; of several, the one that waits. */
  task(user: string, node?: string): Task {
    const theirs = this.tasks.filter(
      (one) => one.assignee === user && (node === undefined || one.node === node),
    )
    const found = theirs.findLast(({ state }) => state === 'pending') ?? theirs.at(-1)
    if (found === undefined) throw new Error(`${user} has no task`)
    return found
  }

  /** Says something about the person's task: an answer, or another command on it. */
  say(by: string, what: string, more: JsonObject = {}): FlowCommand {
    const { id: task, rev: taskRev } = this.task(by)
    const isAnswer = ['approve', 'reject', 'submit', 'done'].includes(what)
    const said = isAnswer ? { type: 'decide', decision: what } : { type: what }
    return { ...said, task, taskRev, by, ...more } as FlowCommand
  }

  does(by: string, what: string, more: JsonObject = {}): this {
    return this.do(this.say(by, what, more))
  }

  /** Who is waited for, at which node. */
  get waits(): readonly string[] {
    return this.tasks
      .filter(({ state }) => state === 'pending')
      .map(({ node, assignee }) => `${node}: ${assignee}`)
      .sort()
  }

  /** What has become of every task, in order. */
  get log(): readonly string[] {
    return this.tasks.map(
      ({ node, assignee, state, reason }) =>
        `${node} ${assignee} ${state}${reason === null ? '' : ` ${reason}`}`,
    )
  }

  get status(): string {
    return this.run?.status ?? 'none'
  }

  get path(): readonly string[] {
    return (
      this.run?.activations.map(({ node, status }) => (status === 'cancelled' ? `(${node})` : node)) ?? []
    )
  }

  /** Keys of the effects that are still to be done. */
  get waitsForEffects(): readonly string[] {
    const done = new Set(this.events.flatMap(({ type, data }) => (type === 'effect_done' ? [data.key] : [])))
    return this.effects.flatMap(({ key }) => (done.has(key) || this.failed.has(key) ? [] : [key]))
  }

  /** All queued effects are done, those they lead to as well. */
  finishEffects(): this {
    for (let again = true; again; ) {
      again = false
      for (const key of this.waitsForEffects.slice(0, 1)) {
        this.do({ type: 'effect_done', key, result: {} })
        this.version += 1
        again = true
      }
    }
    return this
  }

  /** The timers that run, soonest first. */
  get timers() {
    const running = (this.run?.timers ?? []).filter(({ state, left }) => state === 'open' && left === null)
    return running.sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
  }

  /** The clock goes on to the next timer, which fires. */
  fire(): this {
    const [next] = this.timers
    if (next === undefined) throw new Error('no timer runs')
    if (Date.parse(next.dueAt) > Date.parse(this.now)) this.now = next.dueAt
    return this.do({ type: 'timer', timer: next.id })
  }

  nodeTitle(id: string): string {
    return graphOf(this.flow).nodes.get(id)?.title.en ?? ''
  }
}
