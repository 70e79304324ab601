import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { workCalendar } from '../logic/calendars/work-calendar.ts'
import { findNodeType } from '../nodes/index.ts'
import type { Text } from '../text.ts'
import { advance } from './advance.ts'
import type { Advance, FlowCommand, FlowPorts } from './command.ts'
import { createFlowEvaluator } from './evaluate.ts'
import { graphOf } from './graph.ts'
import type { PeopleQuestion } from './people.ts'
import { type Effect, type FlowRun, isClosed, type RunStatus, type Task } from './run.ts'
import { describeEvent } from './sentences.ts'

export interface Simulation {
  /** The record's values and what its references lead to. */
  readonly record: JsonObject
  readonly applicant: string
  /** When it is submitted. */
  readonly now: string
  /** Who is found for a question; a simulation knows everybody beforehand. */
  people(question: PeopleQuestion): readonly string[]
  /** What somebody answers to a task; null: nothing, so that time passes. Default: the first answer it offers. */
  decide?(task: Task, offered: readonly string[]): string | null
  /** What comes of an effect. Default: what is written is written, other flows end well, nothing is found. */
  effect?(effect: Effect): JsonObject | undefined
}

/** One thing that happens, with what follows from it until everything waits again. */
export interface SimulatedStep {
  readonly at: string
  /** What sets it off. */
  readonly cause:
    | { readonly kind: 'submitted' }
    | { readonly kind: 'decided'; readonly by: string; readonly decision: string; readonly node: string }
    | {
        readonly kind: 'effect'
        readonly effect: string
        readonly payload: JsonObject
        readonly node: string
      }
    | { readonly kind: 'timer'; readonly timer: string; readonly node: string }
    | { readonly kind: 'child'; readonly node: string }
    | { readonly kind: 'refused'; readonly code: string; readonly node: string }
  /** Who gets something to do, and from which questions that follows. */
  readonly tasks: readonly SimulatedTask[]
  /** The timeline's sentences; names stand as the ids that were given. */
  readonly said: readonly Text[]
}

export interface SimulatedTask {
  readonly node: string
  readonly title: Text
  readonly assignee: string
  readonly state: string
  readonly dueAt: string | null
  /** Questions that were asked for this step, with their answers. */
  readonly because: readonly { readonly question: PeopleQuestion; readonly people: readonly string[] }[]
}

export interface SimulatedRun {
  readonly steps: readonly SimulatedStep[]
  /** Null: it stands where nobody decides, or went on for longer than a simulation does. */
  readonly status: RunStatus
  readonly outcome: string | null
  /** Nodes that were entered, in order. */
  readonly path: readonly string[]
  /** The record as it is at the end. */
  readonly record: JsonObject
  /** Steps that wait for something that the simulation does not know. */
  readonly waitsAt: readonly string[]
}

/** Commands that one simulation gives; a flow that needs more is taken to go on for ever. */
const mostCommands = 2_000

/**
 * Walks a flow on a virtual clock: who would get which task when and why. Pure; nothing is stored or sent. Whatever is
 * waited for happens in this order: effects, decisions, then the next timer.
 */
export function simulateFlow(flow: FlowDefinition, set: DefinitionSet, given: Simulation): SimulatedRun {
  return new Walk(flow, set, given).walk()
}

class Walk {
  private now: string
  private record: JsonObject
  private run: FlowRun | null = null
  private readonly steps: SimulatedStep[] = []
  private readonly effects: Effect[] = []
  private readonly children: { activation: string; item: string | null }[] = []
  private readonly passed = new Set<string>()
  private asked: { question: PeopleQuestion; people: readonly string[] }[] = []
  private count = 0
  private readonly ports: FlowPorts

  constructor(
    private readonly flow: FlowDefinition,
    set: DefinitionSet,
    private readonly given: Simulation,
  ) {
    this.now = given.now
    this.record = given.record
    const evaluate = createFlowEvaluator(flow, set)
    const walk = this
    this.ports = {
      get now() {
        return walk.now
      },
      get data() {
        return {
          ...walk.record,
          $today: walk.now.slice(0, 10),
          $now: walk.now,
          $run: { applicant: given.applicant },
          $user: { id: given.applicant, partner: null, partners: [], roles: [] },
        }
      },
      newId: () => `s${++this.count}`,
      evaluate,
      people: (question) => {
        const people = given.people(question)
        this.asked.push({ question, people })
        return people
      },
      calendar: (key) => {
        const found = set.calendars.get(key)
        return found && workCalendar(found)
      },
    }
  }

  walk(): SimulatedRun {
    const { id } = this.given.record
    this.give(
      {
        type: 'start',
        run: 'simulation',
        release: 0,
        object: this.flow.object,
        record: typeof id === 'string' ? id : 'record',
        applicant: this.given.applicant,
      },
      { kind: 'submitted' },
    )
    for (let at = 0; at < mostCommands && this.run !== null && !isClosed(this.run); at++)
      if (!this.goOn()) break
    const { run } = this
    const active = run?.activations.filter(({ status }) => status === 'active') ?? []
    return {
      steps: this.steps,
      status: run?.status ?? 'running',
      outcome: run?.outcome ?? null,
      path: run?.activations.map(({ node }) => node) ?? [],
      record: this.record,
      waitsAt: run === null || isClosed(run) ? [] : active.map(({ node }) => node),
    }
  }

  /** One more thing happens; false: nothing is left that could. */
  private goOn(): boolean {
    return this.doEffect() || this.endChild() || this.decide() || this.passTime()
  }

  private doEffect(): boolean {
    const effect = this.effects.shift()
    if (effect === undefined) return false
    const { type, payload } = effect
    const values = payload.values
    if ((type === 'set_fields' || type === 'run_rule') && isJsonObject(values))
      this.record = { ...this.record, ...values }
    if (type === 'start_flow' && payload.waits === true)
      this.children.push({
        activation: effect.activation,
        item: typeof payload.item === 'string' ? payload.item : null,
      })
    const result = this.given.effect?.(effect) ?? {}
    const node = this.nodeOf(effect.activation)
    this.give(
      { type: 'effect_done', key: effect.key, result },
      { kind: 'effect', effect: type, payload, node },
    )
    return true
  }

  private endChild(): boolean {
    const child = this.children.shift()
    if (child === undefined) return false
    const { activation, item } = child
    this.give(
      {
        type: 'child_ended',
        activation,
        run: `child of ${activation}`,
        status: 'approved',
        outcome: 'approved',
        item,
      },
      { kind: 'child', node: this.nodeOf(activation) },
    )
    return true
  }

  private decide(): boolean {
    for (const task of this.run?.tasks ?? []) {
      if (task.state !== 'pending' || this.passed.has(task.id)) continue
      const node = graphOf(this.flow).nodes.get(task.node)
      const offered = node ? (findNodeType(node.type)?.decisions?.(node, this.flow) ?? []) : []
      const keys = offered.map(({ key }) => key)
      const decision = this.given.decide ? this.given.decide(task, keys) : (keys[0] ?? null)
      const chosen = offered.find(({ key }) => key === decision)
      this.passed.add(task.id)
      if (decision === null || chosen === undefined) continue
      this.give(
        {
          type: 'decide',
          task: task.id,
          taskRev: task.rev,
          decision,
          by: task.assignee,
          comment: chosen.commentRequired ? '–' : null,
          ...(chosen.signatureRequired === true ? { signature: '–' } : {}),
          ...(chosen.attachmentsRequired === true ? { attachments: ['simulated'] } : {}),
        },
        { kind: 'decided', by: task.assignee, decision, node: task.node },
      )
      return true
    }
    return false
  }

  /** The clock goes to whatever is due next. */
  private passTime(): boolean {
    const open = (this.run?.timers ?? []).filter(({ state, left }) => state === 'open' && left === null)
    const [next] = open.sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
    if (next === undefined) return false
    if (Date.parse(next.dueAt) > Date.parse(this.now)) this.now = next.dueAt
    const node = this.nodeOf(next.activation)
    return this.give({ type: 'timer', timer: next.id }, { kind: 'timer', timer: next.kind, node })
  }

  private nodeOf(activation: string): string {
    return this.run?.activations.find(({ id }) => id === activation)?.node ?? ''
  }

  /** False when the command was refused: it is told and not tried again. */
  private give(command: FlowCommand, cause: SimulatedStep['cause']): boolean {
    this.asked = []
    const result: Advance = advance(this.flow, this.run, command, this.ports)
    if (result.kind === 'needs') throw new Error('A simulation knows everybody, yet somebody was asked for')
    if (result.kind === 'refused') {
      const node = 'node' in cause ? cause.node : ''
      this.steps.push({
        at: this.now,
        cause: { kind: 'refused', code: result.error.code, node },
        tasks: [],
        said: [],
      })
      return false
    }
    this.run = result.run
    this.effects.push(...result.effects)
    this.steps.push({
      at: this.now,
      cause,
      tasks: result.newTasks.map((task) => this.describe(task)),
      said: result.events.flatMap((event) => describeEvent(event, this.flow, (user) => user) ?? []),
    })
    return true
  }

  private describe(task: Task): SimulatedTask {
    const title = graphOf(this.flow).nodes.get(task.node)?.title ?? { en: task.node, zh: task.node }
    // The same question is asked again while the engine gathers answers: each is told once.
    const seen = new Map(this.asked.map((one) => [JSON.stringify(one.question), one]))
    const because = [...seen.values()].filter(({ people }) => people.includes(task.assignee))
    return { node: task.node, title, assignee: task.assignee, state: task.state, dueAt: task.dueAt, because }
  }
}

/**
 * Answers questions from a table: `role:sales`, `user:ID`, `superiors:ID`, `department_heads:ID`, `group:KEY`,
 * `partner_contact:ID`, `admin`. Fields are read from the record, the applicant and named users answer for themselves.
 */
export function peopleFromTable(
  table: Readonly<Record<string, readonly string[]>>,
  record: JsonObject,
  applicant: string,
): (question: PeopleQuestion) => readonly string[] {
  const known = (key: string) => table[key] ?? []
  return (question) => {
    switch (question.ask) {
      case 'applicant':
        return [applicant]
      case 'user':
        return table[`user:${question.user}`] ?? [question.user]
      case 'field': {
        const value = question.path
          .split('.')
          .reduce<Json | undefined>(
            (at, part) => (isJsonObject(at ?? null) ? (at as JsonObject)[part] : undefined),
            record,
          )
        return table[`field:${question.path}`] ?? (typeof value === 'string' ? [value] : [])
      }
      case 'role':
        return known(`role:${question.role}`)
      case 'group':
        return known(`group:${question.group}`)
      case 'superiors':
        return known(`superiors:${question.of}`)
      case 'department_heads':
        return known(`department_heads:${question.of}`)
      case 'partner_contact':
        return known(`partner_contact:${question.partner}`)
      case 'admin':
        return known('admin')
      case 'query':
        return known('query')
    }
  }
}
