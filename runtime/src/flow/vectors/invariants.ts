import type { FlowDefinition } from '../../definition/flow.ts'
import { readState } from '../../nodes/approval/seat-step.ts'
import { countVotes, neededOf, tally } from '../../nodes/approval/votes.ts'
import { blocksOf } from '../blocks.ts'
import { graphOf } from '../graph.ts'
import { replayEvents, summariseRun } from '../replay.ts'
import {
  type Activation,
  type Effect,
  type FlowEvent,
  type FlowRun,
  isClosed,
  isOpen,
  type Task,
} from '../run.ts'
import { seatsOf } from '../seats.ts'

const terminal = ['ended', 'withdrawn', 'terminated', 'expired']

/**
 * What must hold after every command, whatever it was; in words what does not. `waitsElsewhere`: steps that wait for
 * what only the caller knows of, such as the end of another run.
 */
export function findBroken(
  flow: FlowDefinition,
  before: FlowRun | null,
  run: FlowRun,
  events: readonly FlowEvent[],
  effects: readonly Pick<Effect, 'key' | 'activation'>[],
  waitsElsewhere: (step: Activation) => boolean = () => false,
): string[] {
  const broken: string[] = []
  const hold = (isTrue: boolean, otherwise: string) => {
    if (!isTrue) broken.push(otherwise)
  }
  const active = run.activations.filter(({ status }) => status === 'active')
  const open = run.tasks.filter(isOpen)
  const runningTimers = run.timers.filter(({ state }) => state === 'open')
  // 1: one end, unless an administrator opened the run again.
  const since = events.findLastIndex(({ type }) => type === 'reopened' || type === 'resubmitted')
  const ends = events.slice(since + 1).filter(({ type }) => terminal.includes(type))
  const withdrawn = ends.filter(({ type }) => type === 'withdrawn').length
  if (isClosed(run)) hold(ends.length >= 1 && ends.length - withdrawn <= 1, `1: ${ends.length} ends`)
  else hold(ends.length - withdrawn === 0, '1: an open run has ended')
  // 2: a closed run has nothing open.
  if (isClosed(run)) {
    hold(open.length === 0, '2: a closed run has open tasks')
    hold(active.length === 0, '2: a closed run has active steps')
    hold(runningTimers.length === 0, '2: a closed run has timers')
    hold(run.endedAt !== null, '2: a closed run has no end')
  }
  // 3: an open run waits for somebody or something, at every step.
  const done = new Set(events.flatMap(({ type, data }) => (type === 'effect_done' ? String(data.key) : [])))
  const waits = (step: Activation) =>
    step.incident !== null ||
    open.some((task) => task.activation === step.id && task.state === 'pending') ||
    runningTimers.some((timer) => timer.activation === step.id && timer.kind !== 'expire') ||
    effects.some((effect) => effect.activation === step.id && !done.has(effect.key)) ||
    waitsElsewhere(step)
  // A join waits for what other steps wait for.
  for (const step of active)
    hold(
      waits(step) || graphOf(flow).nodes.get(step.node)?.type === 'join',
      `3: ${step.node} waits for nothing`,
    )
  if (!isClosed(run)) hold(active.some(waits), '3: an open run waits for nothing')
  for (const task of open)
    hold(
      active.some(({ id }) => id === task.activation),
      '3: a task of a step that is over',
    )
  for (const timer of runningTimers)
    hold(
      timer.kind === 'expire' || active.some(({ id }) => id === timer.activation),
      '3: a timer of a step that is over',
    )
  // 4: the history says the same as the rows.
  const [told, stored] = [replayEvents(events), summariseRun(run)]
  hold(sayInOrder(told) === sayInOrder(stored), '4: the history tells another run')
  // 5: what is final stays, and nothing is decided twice.
  for (const was of before?.tasks ?? []) {
    const now = run.tasks.find(({ id }) => id === was.id)
    hold(now !== undefined, '5: a task is gone')
    if (!isOpen(was)) hold(now?.state === was.state && now.rev === was.rev, '5: a final task changed')
  }
  const decided = events.flatMap(({ type, task }) =>
    (type === 'decided' || type === 'opinion_given') && task ? [task] : [],
  )
  hold(new Set(decided).size === decided.length, '5: a task was decided twice')
  // 6: the verdict of a step is what its votes come to.
  for (const step of run.activations) broken.push(...findWrongVerdict(flow, step, run.tasks))
  broken.push(...findSurplus(flow, active))
  // 8: one key, one effect.
  hold(new Set(effects.map(({ key }) => key)).size === effects.length, '8: a key stands twice')
  const doneKeys = events.flatMap(({ type, data }) => (type === 'effect_done' ? [String(data.key)] : []))
  hold(new Set(doneKeys).size === doneKeys.length, '8: an effect was done twice')
  return broken
}

/** 7: one token per branch: steps that are active together lie beside each other, or one gathers the branch of the other. */
function findSurplus(flow: FlowDefinition, active: readonly Activation[]): readonly string[] {
  const blocks = blocksOf(flow)
  const gathers = (join: string, node: string) =>
    blocks.blockAt(join)?.join === join && blocks.blockAt(join)?.nodes.has(node) === true
  return active.flatMap(({ node: one }, at) =>
    active.slice(at + 1).flatMap(({ node: other }) => {
      const fits = blocks.areBeside(one, other) || gathers(one, other) || gathers(other, one)
      return fits ? [] : [`7: ${one} and ${other} are active together`]
    }),
  )
}

/** Postgres keeps no order of keys. */
function sayInOrder(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function findWrongVerdict(
  flow: FlowDefinition,
  step: FlowRun['activations'][number],
  tasks: readonly Task[],
): readonly string[] {
  const node = graphOf(flow).nodes.get(step.node)
  if (node?.type !== 'approval' || step.incident !== null || !('rule' in step.state)) return []
  const { rule, slots, made, isFallback } = readState(step.state)
  const own = tasks.filter(({ activation }) => activation === step.id)
  const isSkipped = own.some(({ state }) => state === 'skipped')
  const seats = seatsOf(own)
  const later = slots.slice(made).map(({ weight }) => weight)
  const count = tally(rule.pass, seats, later)
  const total = count.approved + count.rejected + count.pending
  const wrong: string[] = []
  // An administrator who skips a step says so; whoever stands in for nobody has a rule of their own.
  const isJudged = step.exit === 'approved' && !isFallback && !isSkipped && count.seats > 0
  const needed = neededOf(rule.pass, total)
  if (isJudged && count.approved < needed) wrong.push(`6: ${step.node} passed without the votes`)
  if (count.approved > total) wrong.push(`6: ${step.node} has more votes than seats`)
  const isLive = step.status === 'active'
  if (isLive && countVotes(rule, count) !== null) wrong.push(`6: ${step.node} is decided and still open`)
  return wrong
}
