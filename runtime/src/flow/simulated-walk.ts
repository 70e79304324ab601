import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition, FlowEdge } from '../definition/flow.ts'
import * as errors from '../errors/flows.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { workCalendar } from '../logic/calendars/work-calendar.ts'
import { findNodeType } from '../nodes/index.ts'
import { advance } from './advance.ts'
import type { FlowCommand, FlowPorts } from './command.ts'
import { plusMillis } from './due-time.ts'
import { outcomeTitle } from './end-title.ts'
import { createFlowEvaluator } from './evaluate.ts'
import { edgesByRule, explainEdge } from './explain-edge.ts'
import { givenData } from './given.ts'
import { graphOf } from './graph.ts'
import type { PeopleQuestion } from './people.ts'
import { planAnew } from './plan-anew.ts'
import { planPuttingBack, sumsOf } from './put-back.ts'
import { type Effect, type FlowRun, isClosed, type Task } from './run.ts'
import { describeEvent } from './sentences.ts'
import type {
  SimulatedAnswer,
  SimulatedBranch,
  SimulatedRun,
  SimulatedStep,
  SimulatedTask,
  Simulation,
} from './simulate.ts'
import { SimulationNeeds } from './simulation-needs.ts'

/** Commands that one simulation gives; a flow that needs more is taken to go on for ever. */
const mostCommands = 2_000

/** Behind all that a walk reaches. */
const never = '9999-12-31T00:00:00.000Z'

type Cause = SimulatedStep['cause']

/** Something that will happen at a time. `rank`: of what comes at once, the lower first. */
interface Coming {
  readonly at: string
  readonly rank: number
  happen(): boolean
}

/** One case on its way, with a clock of its own. */
export class Walk {
  private now: string
  private record: JsonObject
  private version = 1
  private readonly written: { readonly version: number; readonly fields: readonly string[] }[] = []
  private run: FlowRun | null = null
  private readonly steps: SimulatedStep[] = []
  private readonly effects: Effect[] = []
  /** Those that take a while, and when they are done. */
  private readonly later: { readonly effect: Effect; readonly at: string }[] = []
  /** Those that have failed, by their keys: somebody may let them be tried again. */
  private readonly failed = new Map<string, Effect>()
  private readonly children: { readonly effect: Effect; readonly at: string }[] = []
  /** Task → what its person will say and when; null: nothing. */
  private readonly answers = new Map<
    string,
    { readonly at: string; readonly answer: SimulatedAnswer } | null
  >()
  private readonly signals = new Map<string, string | null>()
  private happened = 0
  private asked: { question: PeopleQuestion; people: readonly string[] }[] = []
  private branches: SimulatedBranch[] = []
  private count = 0
  private readonly edges: ReadonlyMap<unknown, FlowEdge>
  private readonly evaluate: ReturnType<typeof createFlowEvaluator>

  constructor(
    private readonly flow: FlowDefinition,
    private readonly set: DefinitionSet,
    private readonly given: Simulation,
  ) {
    this.now = given.now
    this.record = given.record
    this.edges = edgesByRule(flow)
    this.evaluate = createFlowEvaluator(flow, set)
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
        ...this.given.start,
      },
      { kind: 'submitted' },
    )
    for (let at = 0; at < mostCommands && this.run !== null; at++)
      if (isClosed(this.run) ? !this.goOnClosed() : !this.goOn()) break
    // What the end asks for is carried out as well.
    if (this.run !== null && isClosed(this.run))
      this.effects.push(...this.later.splice(0).map(({ effect }) => effect))
    for (let at = 0; at < mostCommands && this.doEffect(); at++);
    const { run } = this
    const active = run?.activations.filter(({ status }) => status === 'active') ?? []
    return {
      steps: this.steps,
      status: run?.status ?? 'running',
      outcome: run?.outcome ?? null,
      path: run?.activations.map(({ node }) => node) ?? [],
      record: this.record,
      waitsAt: run === null || isClosed(run) ? [] : active.map(({ node }) => node),
      now: this.now,
      run,
    }
  }

  /** One more thing happens; false: nothing is left that could. */
  private goOn(): boolean {
    if (this.doEffect()) return true
    const coming = [
      ...this.arrivals(),
      ...this.decisions(),
      ...this.endings(),
      ...this.hearings(),
      ...this.happenings(),
      ...this.timers(),
    ]
    const [next] = coming.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.rank - b.rank)
    return next !== undefined && this.reach(next)
  }

  /** Where somebody opens the case again: what others write until then is written. */
  private goOnClosed(): boolean {
    const left = this.given.happenings?.slice(this.happened) ?? []
    if (!left.some(({ opens }) => opens === true)) return false
    if (this.doEffect()) return true
    const [next] = [...this.arrivals(), ...this.happenings()].sort(
      (a, b) => Date.parse(a.at) - Date.parse(b.at) || a.rank - b.rank,
    )
    return next !== undefined && this.reach(next)
  }

  private reach(next: Coming): boolean {
    const { until } = this.given
    if (until !== undefined && Date.parse(next.at) > Date.parse(until)) {
      this.now = until
      return false
    }
    if (Date.parse(next.at) > Date.parse(this.now)) this.now = next.at
    return next.happen()
  }

  private ports(): FlowPorts {
    const { given, set } = this
    const record = given.complete === undefined ? this.record : given.complete(this.record)
    if (record === undefined) throw new SimulationNeeds([], [], [this.record])
    const { now } = this
    const handed = given.start?.given ?? null
    const own: JsonObject = {
      $user: { id: given.applicant, partner: null, partners: [], roles: [] },
      ...givenData(isJsonObject(handed) ? handed : null),
      ...given.context,
      ...record,
      $today: now.slice(0, 10),
      $now: now,
      $run: { applicant: given.applicant },
    }
    return {
      now,
      data: own,
      dataVersion: this.version,
      newId: () => `s${++this.count}`,
      evaluate: (rule, data) => {
        const outcome = this.evaluate(rule, data)
        const edge = typeof rule === 'object' ? this.edges.get(rule) : undefined
        if (edge !== undefined && outcome.ok)
          this.branches.push(explainEdge(edge, this.flow, set, data, outcome.value === true))
        return outcome
      },
      people: (question) => {
        const people = given.people(question, own)
        if (people !== undefined) this.asked.push({ question, people })
        return people
      },
      delegations: (users) => (given.delegations ? given.delegations(users, this.now) : []),
      calendar: (key) => {
        const found = set.calendars.get(key)
        return found && workCalendar(found)
      },
      changedFields: (since) =>
        this.written.flatMap(({ version, fields }) => (version > since ? [...fields] : [])),
    }
  }

  private write(values: JsonObject): void {
    this.record = { ...this.record, ...values }
    this.version += 1
    this.written.push({ version: this.version, fields: Object.keys(values) })
  }

  /** What an effect does to fields of the record, and how it would be taken back. */
  private writeAsAsked({ type, payload, activation }: Effect): JsonObject {
    const { record } = this
    if (type === 'put_back' && typeof payload.object !== 'string') {
      const sums = sumsOf(this.flow, this.set, this.nodeOf(activation))
      const { values, kept } = planPuttingBack(payload, record, sums)
      this.write(values)
      return kept.length === 0 ? {} : { kept: kept.map((one) => ({ ...one })) }
    }
    const isWrite = type === 'set_fields' || type === 'run_rule'
    if (!isWrite || !isJsonObject(payload.values)) return {}
    const { unreckoned } = payload
    const before = Object.keys(payload.values).map((field) => [field, record[field] ?? null] as const)
    this.write(payload.values)
    const result = { rev: this.version, before: Object.fromEntries(before), after: payload.values }
    return unreckoned === undefined ? result : { ...result, unreckoned }
  }

  /** What the flow wants done: at once, or when it has taken its time. */
  private order(effects: readonly Effect[]): void {
    for (const effect of effects) {
      const takes =
        this.run === null || this.given.takes === undefined ? 0 : this.given.takes(effect, this.run)
      if (takes === 0) this.effects.push(effect)
      else this.later.push({ effect, at: takes === null ? never : plusMillis(this.now, takes) })
    }
  }

  private arrivals(): Coming[] {
    return this.later.map((one) => ({
      at: one.at,
      rank: 0,
      happen: () => {
        this.later.splice(this.later.indexOf(one), 1)
        this.effects.unshift(one.effect)
        return this.doEffect()
      },
    }))
  }

  /** Effects of steps that were broken off before they were done. */
  private breakOff(cancelled: readonly string[]): void {
    const isOver = ({ activation, undoes }: Effect) => undoes !== true && cancelled.includes(activation)
    for (let at = this.later.length - 1; at >= 0; at--)
      if (isOver(this.later[at]!.effect)) this.later.splice(at, 1)
  }

  private doEffect(): boolean {
    const asked = this.effects.shift()
    if (asked === undefined) return false
    const effect = this.reckon(asked)
    const { type, payload } = effect
    const { now, record, run } = this
    if (run === null) return false
    const reason = this.given.fails?.(effect, run) ?? null
    if (reason !== null) {
      const cause: Cause = { kind: 'happened', what: 'effect_failed', node: this.nodeOf(effect.activation) }
      this.failed.set(effect.key, effect)
      return this.try({ type: 'effect_failed', key: effect.key, reason }, cause)
    }
    const result = { ...this.given.effect?.(effect, { now, record, run }), ...this.writeAsAsked(effect) }
    const found = Array.isArray(result.ids) ? result.ids[0] : (result.id ?? result.number)
    if (
      typeof payload.into === 'string' &&
      type !== 'offer' &&
      (found !== undefined || Array.isArray(result.ids))
    )
      this.write({ [payload.into]: found ?? null })
    const node = this.nodeOf(effect.activation)
    if (type === 'start_flow' && payload.waits === true) {
      const after = this.given.child?.(effect, node)?.after ?? 0
      this.children.push({ effect, at: plusMillis(this.now, after) })
    }
    this.give(
      { type: 'effect_done', key: effect.key, result },
      { kind: 'effect', effect: type, payload, result, node },
    )
    return true
  }

  /** Its values as the record stands when it is written, as the server has them. */
  private reckon(effect: Effect): Effect {
    if (this.run === null) return effect
    const planned = planAnew(this.flow, this.run, effect, this.ports())
    return planned.ok && planned.payload !== null ? { ...effect, payload: planned.payload } : effect
  }

  private endings(): Coming[] {
    return this.children.map((child) => ({
      at: child.at,
      rank: 1,
      happen: () => {
        this.children.splice(this.children.indexOf(child), 1)
        const { activation, payload } = child.effect
        const node = this.nodeOf(activation)
        const ended = this.given.child?.(child.effect, node)
        const { status = 'approved', outcome = 'approved' } = ended ?? {}
        const begun = this.set.flows.get(String(payload.flow))
        const title = ended?.title ?? (begun === undefined ? null : outcomeTitle(begun, outcome))
        const item = typeof payload.item === 'string' ? payload.item : null
        const run = `child of ${activation}`
        return this.try(
          {
            type: 'child_ended',
            activation,
            run,
            status,
            outcome,
            item,
            ...(title === null ? {} : { title }),
          },
          { kind: 'child', node },
        )
      },
    }))
  }

  private decisions(): Coming[] {
    return (this.run?.tasks ?? []).flatMap((task): Coming[] => {
      if (task.state !== 'pending') return []
      const planned = this.planned(task)
      if (planned === null) return []
      const { at, answer } = planned
      const happen = () => {
        this.answers.set(task.id, null)
        return this.answer(task, answer)
      }
      return [{ at, rank: 0, happen }]
    })
  }

  /** Asked once for each task, when it becomes its person's turn. */
  private planned(task: Task): { readonly at: string; readonly answer: SimulatedAnswer } | null {
    const known = this.answers.get(task.id)
    if (known !== undefined) return known
    const keys = this.offered(task).map(({ key }) => key)
    const said = this.given.decide && this.run ? this.given.decide(task, keys, this.run) : (keys[0] ?? null)
    const answer: SimulatedAnswer | null = typeof said === 'string' ? { decision: said } : said
    const planned = answer === null ? null : { at: plusMillis(this.now, answer.after ?? 0), answer }
    this.answers.set(task.id, planned)
    return planned
  }

  private offered(task: Task) {
    const node = graphOf(this.flow).nodes.get(task.node)
    return node ? (findNodeType(node.type)?.decisions?.(node, this.flow) ?? []) : []
  }

  private answer(task: Task, { decision, sendBack, values }: SimulatedAnswer): boolean {
    const by = task.assignee
    const about = { task: task.id, taskRev: task.rev, by } as const
    if (sendBack !== undefined) {
      const cause: Cause = { kind: 'decided', by, decision: 'return', node: task.node }
      return this.try({ type: 'send_back', ...about, comment: '–', ...sendBack }, cause)
    }
    const chosen = this.offered(task).find(({ key }) => key === decision)
    if (chosen === undefined) return true
    if (values !== undefined && Object.keys(values).length > 0) this.write(values)
    return this.try(
      {
        type: 'decide',
        ...about,
        decision: chosen.key,
        comment: chosen.commentRequired ? '–' : null,
        ...(chosen.signatureRequired === true ? { signature: '–' } : {}),
        ...(chosen.attachmentsRequired === true ? { attachments: ['simulated'] } : {}),
      },
      { kind: 'decided', by, decision: chosen.key, node: task.node },
    )
  }

  /** Steps that wait for something outside. */
  private hearings(): Coming[] {
    return (this.run?.activations ?? []).flatMap(({ id, node, status, state }): Coming[] => {
      const { wait } = state
      if (status !== 'active' || !isJsonObject(wait)) return []
      if (!this.signals.has(id)) {
        const heard = this.given.signal?.(node) ?? null
        this.signals.set(id, heard && plusMillis(this.now, heard.after))
      }
      const at = this.signals.get(id) ?? null
      if (at === null) return []
      const happen = () => {
        this.signals.set(id, null)
        return this.try(
          { type: 'signal', activation: id, name: String(wait.event), data: {} },
          { kind: 'signal', node },
        )
      }
      return [{ at, rank: 2, happen }]
    })
  }

  private happenings(): Coming[] {
    const next = this.given.happenings?.[this.happened]
    if (next === undefined) return []
    const happen = () => {
      this.happened += 1
      if (next.values !== undefined) {
        this.write(next.values)
        // Steps that watch the record look again.
        for (const { id, node, status, state } of this.run?.activations ?? [])
          if (status === 'active' && isJsonObject(state.wait) && state.wait.event === 'changed')
            this.try({ type: 'signal', activation: id, name: 'changed', data: {} }, { kind: 'signal', node })
      }
      const acts = next.act !== undefined && this.run !== null
      const command = next.command ?? (acts ? next.act?.(this.run!) : undefined)
      if (command) this.try(command, { kind: 'happened', what: command.type, node: this.nodeAbout(command) })
      else if (acts) this.refuse(errors.flowStepGone.code, '')
      return true
    }
    return [{ at: next.at, rank: 3, happen }]
  }

  private timers(): Coming[] {
    return (this.run?.timers ?? []).flatMap((timer): Coming[] => {
      if (timer.state !== 'open' || timer.left !== null) return []
      const cause: Cause = { kind: 'timer', timer: timer.kind, node: this.nodeOf(timer.activation) }
      return [
        { at: timer.dueAt, rank: 4, happen: () => this.give({ type: 'timer', timer: timer.id }, cause) },
      ]
    })
  }

  private nodeOf(activation: string): string {
    return this.run?.activations.find(({ id }) => id === activation)?.node ?? ''
  }

  /** What is refused is told, and the walk goes on with what else may happen. */
  private try(command: FlowCommand, cause: Cause): boolean {
    this.give(command, cause)
    return true
  }

  /** False when the command was refused: it is told and not tried again. */
  private give(command: FlowCommand, cause: Cause): boolean {
    this.asked = []
    this.branches = []
    const ports = this.ports()
    const result = advance(this.flow, this.run, command, ports)
    if (result.kind === 'needs')
      throw new SimulationNeeds(result.questions, result.delegations, [], ports.data)
    if (result.kind === 'refused') {
      const node = 'node' in cause ? cause.node : ''
      this.refuse(result.error.code, node)
      return false
    }
    const before = this.run?.activations.length ?? 0
    this.run = result.run
    this.breakOff(result.cancelledActivations)
    this.order(result.effects)
    for (const { key, payload } of result.again) {
      const known = this.failed.get(key)
      if (known !== undefined) this.order([payload === null ? known : { ...known, payload }])
    }
    const name = (user: string) => this.given.nameOf?.(user) ?? user
    this.steps.push({
      at: this.now,
      cause,
      entered: result.run.activations.slice(before).map(({ node }) => node),
      tasks: result.newTasks.map((task) => this.describe(task)),
      branches: this.branches,
      said: result.events.flatMap((event) => describeEvent(event, this.flow, name) ?? []),
    })
    return true
  }

  private refuse(code: string, node: string): void {
    const cause = { kind: 'refused', code, node } as const
    this.steps.push({ at: this.now, cause, entered: [], tasks: [], branches: [], said: [] })
  }

  private nodeAbout(command: FlowCommand): string {
    if ('task' in command) return this.run?.tasks.find(({ id }) => id === command.task)?.node ?? ''
    return 'activation' in command ? this.nodeOf(command.activation) : ''
  }

  private describe(task: Task): SimulatedTask {
    const title = graphOf(this.flow).nodes.get(task.node)?.title ?? { en: task.node, zh: task.node }
    // The same question is asked again while the engine gathers answers: each is told once.
    const seen = new Map(this.asked.map((one) => [JSON.stringify(one.question), one]))
    const person = task.onBehalfOf ?? task.assignee
    const because = [...seen.values()].filter(({ people }) => people.includes(person))
    const { node, assignee, state, dueAt, onBehalfOf } = task
    return { node, title, assignee, state, dueAt, onBehalfOf, because }
  }
}
