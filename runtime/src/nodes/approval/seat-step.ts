import * as errors from '../../errors/flows.ts'
import { type Asked, newTask, type Task } from '../../flow/run.ts'
import { seatsOf } from '../../flow/seats.ts'
import { hasVoice } from '../../flow/voices.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { NodeContext, NodeRemark, NodeStep } from '../node-type.ts'
import { keepActive, readAsked } from './approvers.ts'
import { earlierApproval } from './dedupe.ts'
import { type Found, onEmptyOf, type Policies } from './policies.ts'
import { countVotes, tally, type VoteRule } from './votes.ts'

/** What a step with seats keeps: who has them, how votes count, how many have been asked. */
interface SeatState {
  readonly rule: VoteRule
  readonly slots: readonly Asked[]
  readonly isSequential: boolean
  readonly made: number
  readonly barred: readonly string[]
  /** Nobody was found, and whoever stands in has been asked. */
  readonly isFallback: boolean
}

export type Verdict = 'approved' | 'rejected'

/** Gives the people their seats and asks them: all at once, or the first of them. */
function beginSeats(
  context: NodeContext,
  slots: readonly Asked[],
  barred: readonly string[],
  rule: VoteRule,
  isSequential: boolean,
  finish: (verdict: Verdict) => NodeStep,
): NodeStep {
  const state: SeatState = { rule, slots, isSequential, made: 0, barred, isFallback: false }
  return new SeatStep(context, state, [], finish).proceed()
}

/**
 * The same for people whom the entries of a step stand for, some of whom may have left since the run was sent back: who
 * takes their place is told, and where nobody does the step waits for an administrator.
 */
export function beginSeatsOf(
  context: NodeContext,
  { asked, barred, left }: Found,
  rule: VoteRule,
  isSequential: boolean,
  finish: (verdict: Verdict) => NodeStep,
): NodeStep {
  const events = left.map(({ user, heir }): NodeRemark => {
    return { type: 'person_left', data: { user, assignee: heir } }
  })
  if (left.some(({ heir }) => heir === null)) {
    const { code } = errors.flowNobodyToDecide
    return { exit: null, events, incident: { code, data: { approvers: [] } } }
  }
  const step = beginSeats(context, asked, barred, rule, isSequential, finish)
  return { ...step, events: [...events, ...(step.events ?? [])] }
}

/** Looks again after something has happened to the tasks. */
export function goOnWithSeats(
  context: NodeContext,
  tasks: readonly Task[],
  finish: (verdict: Verdict) => NodeStep,
): NodeStep {
  return new SeatStep(context, readState(context.activation.state), tasks, finish).proceed()
}

class SeatStep {
  private readonly made: Task[] = []
  private readonly events: NodeRemark[] = []
  constructor(
    private readonly context: NodeContext,
    private state: SeatState,
    private readonly tasks: readonly Task[],
    private readonly finish: (verdict: Verdict) => NodeStep,
  ) {}

  proceed(): NodeStep {
    const { slots, isSequential } = this.state
    if (!isSequential && this.state.made === 0 && slots.length > 0) this.askSlots(slots.length)
    for (;;) {
      const { rule, made } = this.state
      const seats = seatsOf([...this.tasks, ...this.made])
      const later = slots.slice(made).map(({ weight }) => weight)
      const count = tally(rule.pass, seats, later)
      if (count.seats === 0) return this.askOthers()
      const verdict = countVotes(rule, count)
      if (verdict !== null) return this.end(this.finish(verdict))
      if (made >= slots.length || seats.some((seat) => seat.verdict === 'open'))
        return this.end({ exit: null })
      const last = this.askNext()
      if (last !== null) return last
    }
  }

  /** What was made so far goes out with the end of the step. */
  private end(step: NodeStep): NodeStep {
    const { rule, slots, isSequential, made, barred, isFallback } = this.state
    const state: JsonObject = {
      rule: rule as unknown as Json,
      slots: slots.map(({ user, weight }) => ({ user, weight })),
      isSequential,
      made,
      barred: [...barred],
      isFallback,
    }
    return { ...step, state, newTasks: this.made, events: [...this.events, ...(step.events ?? [])] }
  }

  /** The next of a list: whoever has left meanwhile is passed over. Null: go on looking. */
  private askNext(): NodeStep | null {
    const { slots, made } = this.state
    const next = slots[made]
    if (next === undefined) return null
    // Who was just found is here; who is asked again may have left.
    const wasFound = made === 0 && this.context.activation.state.invited === undefined
    const isHere = wasFound || keepActive(this.context, [next.user]).length > 0
    if (isHere) {
      this.askSlots(1)
      return null
    }
    this.state = { ...this.state, made: made + 1 }
    this.events.push({ type: 'person_left', data: { user: next.user, assignee: null } })
    // The last of a list has the last word: it does not fall away unnoticed.
    return made + 1 === slots.length ? this.askOthers(made) : null
  }

  private askSlots(count: number): void {
    const { slots, made, barred, rule } = this.state
    const asked = slots.slice(made, made + count)
    const windows = this.context.delegations(asked.map(({ user }) => user))
    const actives = new Set(
      keepActive(
        this.context,
        windows.map(({ to }) => to),
      ),
    )
    for (const [index, { user, weight }] of asked.entries()) {
      const slot = made + index
      const earlier = earlierApproval(this.context, user, typeof rule.pass === 'object')
      if (earlier !== null) {
        this.add({ assignee: user, slot, weight, state: 'auto_approved', reason: 'dedupe', from: earlier.id })
        continue
      }
      const window = windows.find(
        ({ from, to }) => from === user && actives.has(to) && !barred.includes(to) && this.mayAlsoSpeak(to),
      )
      if (window?.mode !== 'replace') this.add({ assignee: user, slot, weight })
      if (window !== undefined)
        this.add({ assignee: window.to, slot, weight, onBehalfOf: user, delegation: window.id })
    }
    this.state = { ...this.state, made: made + asked.length }
  }

  /** Where money moves nobody gets a second voice by standing in for others, or for nobody. */
  private mayAlsoSpeak(user: string): boolean {
    const { slots, made } = this.state
    const later = slots.slice(made)
    return this.context.flow.money !== true || !hasVoice([...this.tasks, ...this.made], later, user)
  }

  private add(task: Partial<Task> & Pick<Task, 'assignee'>): void {
    const { context } = this
    const { now: createdAt, activation, node } = context
    const isDecided = task.state === 'auto_approved'
    this.made.push(
      newTask({
        id: context.newId(),
        activation: activation.id,
        node: node['x-id'],
        createdAt,
        decidedAt: isDecided ? createdAt : null,
        dataVersion: isDecided ? context.dataVersion : null,
        ...task,
      }),
    )
  }

  /** Nobody is left to ask, at the whole step or (`slot`) at the last of a list: what it says for that is done. */
  private askOthers(slot?: number): NodeStep {
    const { context } = this
    const policy = onEmptyOf(context.node as Policies, context.flow)
    const approvers = (context.node.approvers ?? []) as Json
    const instead = typeof policy === 'string' ? policy : 'users'
    this.events.push({ type: 'nobody_found', data: { approvers, instead } })
    if (policy === 'reject') return this.end(this.finish('rejected'))
    if (policy === 'approve') {
      this.events.push({ type: 'auto_approved', data: { rule: 'empty' } })
      return this.end(this.finish('approved'))
    }
    if (policy !== 'incident' && !this.state.isFallback) {
      const found =
        typeof policy === 'object' ? keepActive(context, policy.users) : context.ask({ ask: 'admin' })[0]
      const asked = (found ?? []).filter(
        (user) => !this.state.barred.includes(user) && this.mayAlsoSpeak(user),
      )
      if (asked.length > 0) {
        // Whoever of them comes first decides: the rule of the step was made for other people.
        const at = slot ?? Math.max(0, ...this.tasks.map((task) => task.slot + 1))
        for (const assignee of asked)
          this.add({ assignee, slot: at, weight: this.state.slots[at]?.weight ?? 1 })
        const alone: VoteRule = { pass: 'any', reject: 'any', wait: 'early' }
        this.state = { ...this.state, isFallback: true, rule: slot === undefined ? alone : this.state.rule }
        return this.end({ exit: null })
      }
    }
    const { code } = errors.flowNobodyToDecide
    return this.end({ exit: null, incident: { code, data: { approvers } } })
  }
}

/** The seats of a step as its activation keeps them. */
export function readState(state: JsonObject): SeatState {
  const barred = Array.isArray(state.barred) ? state.barred : []
  const rule = isJsonObject(state.rule) ? (state.rule as unknown as VoteRule) : null
  return {
    rule: rule ?? { pass: 'any', reject: 'any', wait: 'early' },
    slots: readAsked(state.slots),
    isSequential: state.isSequential === true,
    made: Number(state.made ?? 0),
    barred: barred.filter((one): one is string => typeof one === 'string'),
    isFallback: state.isFallback === true,
  }
}
