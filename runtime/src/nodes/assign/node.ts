import { type Effect, effectKey, effectSeq, isOpen, newTask, type Task } from '../../flow/run.ts'
import { asJsonObject, isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { formatText, type Text } from '../../text.ts'
import { putBack } from '../action/effects/effect-type.ts'
import { toldBy } from '../action/wanted-effect.ts'
import { keepActive, pathsOf } from '../approval/approvers.ts'
import { defineNodeType, type NodeContext, type NodeStep, wishFor } from '../node-type.ts'
import { effectsAt, planAftermathAnew, readMoment, wantedAt } from './aftermath.ts'
import type { Moment } from './aftermath-settings.ts'
import { checkAssign } from './check.ts'
import { AssignSettings } from './settings.ts'
import { traits } from './traits.ts'

/** What the server chose: who, and who answers for them. */
interface Offer {
  readonly candidate: string
  readonly people: readonly string[]
}

interface Progress {
  readonly offers: readonly Offer[]
  /** Those who had it before, and are not chosen again. */
  readonly past: readonly string[]
  /** How many of those had it before the case came here. */
  readonly held: number
  readonly attempt: number
  /** What has been written into the record, in order: what is taken back. */
  readonly wrote: readonly JsonObject[]
}

/**
 * Gives the flow's record to one of many candidates, by ordered rules; asks them first where the settings say so, and
 * chooses anew after a refusal or silence. The choice is made by the effect `offer`, which sees all candidates as they
 * are at that moment and lets no two cases choose at the same time.
 */
export const assign = defineNodeType({
  name: 'assign',
  ...traits,
  title: { en: 'Assign', zh: '分派' },
  icon: 'route',
  settings: AssignSettings,
  exits: () => ['assigned', 'unassigned'],
  exitTitles: {
    assigned: { en: 'Assigned', zh: '已分派' },
    unassigned: { en: 'Nobody left', zh: '无人可派' },
  },
  check: checkAssign,
  reads: (node) => pathsOf(Object.values(node.ask?.on ?? {}).flatMap((wanted) => wanted.flatMap(toldBy))),
  decisions: () => [
    {
      key: 'accept',
      title: { en: 'Accept', zh: '接受' },
      done: { en: 'accepted it', zh: '接受' },
      state: 'approved',
      commentRequired: false,
    },
    {
      key: 'decline',
      title: { en: 'Decline', zh: '谢绝' },
      done: { en: 'declined it', zh: '谢绝' },
      state: 'rejected',
      commentRequired: true,
    },
  ],
  run(context) {
    const past = findHolders(context)
    return lookFor(context, { offers: [], past, held: past.length, attempt: 0, wrote: [] })
  },
  resume(context, event, tasks): NodeStep {
    const progress = readProgress(context.activation.state)
    switch (event.type) {
      case 'effect_done':
        if (event.key.endsWith(':give')) {
          const { wrote } = withWritten(progress, event.result)
          return { exit: 'assigned', state: { ...context.activation.state, ...wroteOf(context, wrote) } }
        }
        return isAwaited(context, event.key)
          ? hearOffer(context, event.result, withWritten(progress, event.result))
          : { exit: null }
      case 'decided':
        return event.decision === 'accept'
          ? give(context, progress, progress.offers[event.task.slot], tasks)
          : hearRefusal(context, progress, tasks, event.task.slot)
      case 'tasks_changed':
        return context.activation.state.given === undefined &&
          progress.offers.length > 0 &&
          !tasks.some(isOpen)
          ? lookAgain(context, progress, [])
          : { exit: null }
      case 'timer':
        if (event.timer.kind === 'remind') return remind(tasks)
        if (event.timer.kind !== 'accept') return { exit: null }
        return lookAgain(
          context,
          progress,
          tasks.filter(isOpen).map((task) => close(context, task, 'expired', 'silent')),
          effectsAt(context, context.node.ask?.on?.silent, `silent${progress.attempt}`),
        )
      default:
        return { exit: null }
    }
  },
  planAnew(context, key) {
    const seq = effectSeq(key)
    const { given } = context.activation.state
    if (seq === 'give') return typeof given === 'string' ? planGive(context, given) : null
    if (seq.startsWith('offer') && readMoment(key) === null)
      return planOffer(context, readProgress(context.activation.state))
    return planAftermathAnew(context, context.node.ask?.on, key)
  },
  wanted: ({ node }, key) => wantedAt(node.ask?.on, key),
  meant({ node, activation }, key) {
    const moment = node.ask?.reserve === true ? readMoment(key) : null
    if (moment === null) return {}
    const { past, held, offers } = readProgress(activation.state)
    const candidate = [...past, ...offers.map((offer) => offer.candidate)][held + moment.attempt]
    return candidate === undefined ? {} : { [node.into]: candidate }
  },
  undo({ node, activation }) {
    const { wrote } = readProgress(activation.state)
    if (node.undo !== true || wrote.length === 0) return null
    // Nobody took it: what was reserved last was cleared as the step was left, which it does not hear of any more.
    const isCleared = node.ask?.reserve === true && activation.exit === 'unassigned'
    const effects = wrote.map((one, index) => {
      const left = isCleared && index === wrote.length - 1 ? { ...one, after: { [node.into]: null } } : one
      return putBack([node.into], asJsonObject(one.before), left)
    })
    return { kind: 'effects', effects }
  },
  trace(event, locale) {
    if (event.type !== 'effect_done') return null
    const { result } = event.data
    const key = String(event.data.key ?? '')
    const offered = isJsonObject(result) && Array.isArray(result.offers) ? result.offers.length : null
    if (offered !== null) {
      const says = offered === 0 ? nobody : key.endsWith(':offer0') ? chosen : chosenAnew
      return formatText(says, locale, { count: offered })
    }
    const moment = readMoment(key)
    // What is done at a moment is told by the moment, once.
    if (moment !== null) return moment.index === 0 ? atMoment[moment.moment][locale] : ''
    return key.endsWith(':give') ? given[locale] : key.endsWith(':clear') ? cleared[locale] : null
  },
})

const given: Text = { en: 'It was assigned', zh: '已完成分派' }
const nobody: Text = { en: 'No candidate was found', zh: '未找到可分派对象' }
const chosen: Text = { en: 'Candidates chosen: {count}', zh: '已选出 {count} 个分派对象' }
const chosenAnew: Text = { en: 'Other candidates chosen: {count}', zh: '已另选 {count} 个分派对象' }
const cleared: Text = { en: 'Nobody has it any more', zh: '已收回,暂无承接' }
const atMoment: Readonly<Record<Moment, Text>> = {
  offered: { en: 'It was offered', zh: '已发出,等待对方接受' },
  silent: { en: 'No answer in time: it was recalled', zh: '逾时未答复,已收回' },
  declined: { en: 'It was declined and recalled', zh: '对方谢绝,已收回' },
}

type Context = NodeContext<typeof AssignSettings>

/** Has the server choose, without those who had it before. */
function lookFor(context: Context, progress: Progress): NodeStep {
  const { run, activation, node } = context
  const { attempt } = progress
  return {
    exit: null,
    state: stateOf(context, { ...progress, offers: [] }),
    effects: [
      {
        key: effectKey(run.id, activation.id, node['x-id'], `offer${attempt}`),
        activation: activation.id,
        type: 'offer',
        payload: planOffer(context, progress),
      },
    ],
  }
}

function planOffer({ node }: Context, { past }: Progress): JsonObject {
  return {
    node: node['x-id'],
    candidates: node.candidates,
    into: node.into,
    rules: node.rules as unknown as Json,
    open: (node.open ?? true) as Json,
    contacts: (node.ask?.contacts ?? null) as Json,
    ...(node.available === undefined ? {} : { available: node.available as unknown as Json }),
    past: [...past],
    ...(node.ask?.reserve === true ? { reserve: true } : {}),
  }
}

function planGive({ node }: Context, candidate: string): JsonObject {
  return { values: { [node.into]: candidate } }
}

/** The choice that is waited for, and not heard of yet. */
function isAwaited({ activation: { state } }: Context, key: string): boolean {
  const heard = Array.isArray(state.offers) && state.offers.length > 0
  return !heard && key.endsWith(`:offer${String(state.attempt)}`)
}

function hearOffer(context: Context, result: JsonObject, before: Progress): NodeStep {
  const offers = readOffers(result.offers)
  const progress = { ...before, offers }
  const state = stateOf(context, progress)
  if (offers.length === 0) return { exit: 'unassigned', state }
  const { ask } = context.node
  if (ask === undefined) return give(context, progress, offers[0], [])
  const dueAt = context.dueAfter(ask.within).at
  const newTasks = offers.flatMap(({ people }, slot) =>
    withStandIns(context, people).map((whose) =>
      newTask({
        id: context.newId(),
        activation: context.activation.id,
        node: context.node['x-id'],
        createdAt: context.now,
        slot,
        dueAt,
        ...whose,
      }),
    ),
  )
  // Candidates for whom nobody answers can't accept.
  if (newTasks.length === 0) return lookAgain(context, progress, [])
  return {
    exit: null,
    state,
    newTasks,
    newTimers: [
      ...(ask.remind === undefined ? [] : [wishFor('remind', context.dueAfter(ask.remind))]),
      wishFor('accept', context.dueAfter(ask.within)),
    ],
    effects: effectsAt(context, ask.on?.offered, `offered${progress.attempt}`),
  }
}

/** Who is away is asked through whoever stands in for them, or beside them. */
function withStandIns(
  context: Context,
  people: readonly string[],
): readonly Pick<Task, 'assignee' | 'onBehalfOf' | 'delegation'>[] {
  const windows = context.delegations(people)
  const there = new Set(
    keepActive(
      context,
      windows.map(({ to }) => to),
    ),
  )
  const taken = new Set(people)
  return people.flatMap((assignee) => {
    const own = { assignee, onBehalfOf: null, delegation: null }
    const window = windows.find(({ from, to }) => from === assignee && there.has(to) && !taken.has(to))
    if (window === undefined) return [own]
    taken.add(window.to)
    const instead = { assignee: window.to, onBehalfOf: assignee, delegation: window.id }
    return window.mode === 'also' ? [own, instead] : [instead]
  })
}

/** Everybody who has not answered is told once more. */
function remind(tasks: readonly Task[]): NodeStep {
  const events = tasks.filter(isOpen).map((task) => ({
    type: 'timed_out' as const,
    task: task.id,
    data: { do: 'remind', assignee: task.assignee, count: 1 },
  }))
  return { exit: null, events }
}

/** One of the candidate's people has refused for it; when all have, others are looked for. */
function hearRefusal(context: Context, progress: Progress, tasks: readonly Task[], slot: number): NodeStep {
  const closed = tasks
    .filter((task) => task.slot === slot && isOpen(task))
    .map((task) => close(context, task, 'cancelled', 'decided'))
  const others = tasks.some((task) => task.slot !== slot && isOpen(task))
  const which = `declined${progress.attempt}.${slot}`
  const effects = effectsAt(context, context.node.ask?.on?.declined, which)
  return others
    ? { exit: null, changedTasks: closed, effects }
    : lookAgain(context, progress, closed, effects)
}

function lookAgain(
  context: Context,
  progress: Progress,
  changedTasks: readonly Task[],
  effects: readonly Effect[] = [],
): NodeStep {
  const past = [...new Set([...progress.past, ...progress.offers.map(({ candidate }) => candidate)])]
  const timers = context.run.timers.filter(
    (timer) => timer.activation === context.activation.id && timer.state === 'open',
  )
  const rest = { changedTasks, cancelTimers: timers.map(({ id }) => id) }
  if (progress.attempt >= (context.node.recycles ?? 3)) {
    const state = stateOf(context, { ...progress, past })
    return { exit: 'unassigned', state, ...rest, effects: [...effects, ...takeBack(context)] }
  }
  const next = lookFor(context, { ...progress, offers: [], past, attempt: progress.attempt + 1 })
  return { ...next, ...rest, effects: [...effects, ...(next.effects ?? [])] }
}

/** Nobody has it any more: what was reserved is written back. */
function takeBack({ run, activation, node }: Context): readonly Effect[] {
  if (node.ask?.reserve !== true) return []
  const key = effectKey(run.id, activation.id, node['x-id'], 'clear')
  return [{ key, activation: activation.id, type: 'set_fields', payload: { values: { [node.into]: null } } }]
}

/** Writes the choice into the record; the others need not answer any more. */
function give(
  context: Context,
  progress: Progress,
  offer: Offer | undefined,
  tasks: readonly Task[],
): NodeStep {
  if (offer === undefined) return { exit: null }
  const { run, activation, node } = context
  const timers = run.timers.filter((timer) => timer.activation === activation.id && timer.state === 'open')
  return {
    exit: null,
    state: { ...stateOf(context, progress), given: offer.candidate },
    changedTasks: tasks.filter(isOpen).map((task) => close(context, task, 'cancelled', 'decided')),
    cancelTimers: timers.map(({ id }) => id),
    effects: [
      {
        key: effectKey(run.id, activation.id, node['x-id'], 'give'),
        activation: activation.id,
        type: 'set_fields',
        payload: planGive(context, offer.candidate),
      },
    ],
  }
}

function close({ now }: Context, task: Task, state: Task['state'], reason: string): Task {
  return { ...task, state, reason, rev: task.rev + 1, decidedAt: now }
}

function stateOf(context: Context, { offers, past, held, attempt, wrote }: Progress): JsonObject {
  return {
    offers: offers.map(({ candidate, people }) => ({ candidate, people: [...people] })),
    past: [...past],
    ...(held === 0 ? {} : { held }),
    attempt,
    ...wroteOf(context, wrote),
  }
}

/** Kept where it may be taken back; `before` has effects say what they found. */
function wroteOf({ node }: Context, wrote: readonly JsonObject[]): JsonObject {
  return node.undo === true ? { before: {}, wrote: wrote.map((one) => ({ ...one })) } : {}
}

/** An effect says what it found and left in the field, where it wrote there. */
function withWritten(progress: Progress, { before, after, rev = null }: JsonObject): Progress {
  if (!isJsonObject(before) || !isJsonObject(after)) return progress
  return { ...progress, wrote: [...progress.wrote, { before, after, rev }] }
}

/** Who had it when the case was here before, or did not want it: where it comes back, it is for somebody else. */
function findHolders({ run, activation: { id, node } }: Context): readonly string[] {
  const earlier = run.activations.filter((one) => one.node === node && one.id !== id)
  const held = earlier.flatMap(({ state }) => [
    ...readProgress(state).past,
    ...(typeof state.given === 'string' ? [state.given] : []),
  ])
  return [...new Set(held)]
}

function readProgress({ offers, past, held, attempt, wrote }: JsonObject): Progress {
  return {
    offers: readOffers(offers),
    past: Array.isArray(past) ? past.filter((one): one is string => typeof one === 'string') : [],
    held: typeof held === 'number' ? held : 0,
    attempt: typeof attempt === 'number' ? attempt : 0,
    wrote: Array.isArray(wrote) ? wrote.filter(isJsonObject) : [],
  }
}

function readOffers(value: Json | undefined): readonly Offer[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one): Offer[] => {
    if (!isJsonObject(one) || typeof one.candidate !== 'string') return []
    const people = Array.isArray(one.people) ? one.people.filter((user) => typeof user === 'string') : []
    return [{ candidate: one.candidate, people }]
  })
}
