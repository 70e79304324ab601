import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import type { FlowEvent, FlowRun, Task } from '@channelwright/runtime/flow/run.ts'
import { isClosed, isOpen } from '@channelwright/runtime/flow/run.ts'
import type { Happening, SimulatedAnswer, Simulation } from '@channelwright/runtime/flow/simulate.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { RecordThen } from './record-then.ts'

/** What an effect of the case came to. */
export interface EffectResult {
  readonly key: string
  readonly type: string
  readonly result: JsonObject | null
}

interface Said extends SimulatedAnswer {
  readonly by: string
  /** To somebody who then decided themselves. */
  readonly opinion: boolean
}

/**
 * What really happened in a case, as the script of a simulation: what people decided at which step and how long they
 * took, what they filled in, to whom they handed their tasks, what administrators did, what others wrote meanwhile, how
 * flows ended that it waited for. Steps are the same where
 * their x-id is. To be made anew for each walk: it is used up.
 */
export function scriptOf(
  run: FlowRun,
  events: readonly FlowEvent[],
  effects: readonly EffectResult[],
  { later }: RecordThen,
  otherwise: 'first' | 'none',
  now: string,
): Pick<Simulation, 'decide' | 'effect' | 'child' | 'signal' | 'happenings' | 'until' | 'start'> {
  const said = answersByNode(run, events, later)
  const passedOn = new Map<string, string[]>()
  for (const { node, state, reason, assignee, from } of run.tasks)
    if (state === 'transferred' && reason !== 'timed_out' && from === null) push(passedOn, node, assignee)
  const results = new Map<string, EffectResult[]>()
  for (const one of effects) push(results, `${one.type} ${one.key.split(':')[2]}`, one)
  const visits = new Map<string, FlowRun['activations'][number][]>()
  for (const activation of run.activations) push(visits, activation.node, activation)
  const unanswered = new Set(run.tasks.filter(wasLeft).map(({ node }) => node))
  return {
    decide(task, offered) {
      const queue = said.get(task.node) ?? []
      const given = passedOn.get(task.node) ?? []
      const fits = ({ opinion }: Said) => opinion === task.opinionOnly
      const own = queue.findIndex((one) => fits(one) && one.by === task.assignee)
      // Whoever handed a task on did not answer it; in the other flow somebody else may have it.
      const handed = given.indexOf(task.assignee)
      if (!task.opinionOnly && task.from === null && given.length > 0 && (handed >= 0 || own < 0)) {
        given.splice(Math.max(handed, 0), 1)
        return null
      }
      const at = own >= 0 ? own : queue.findIndex(fits)
      const [answer] = at < 0 ? [] : queue.splice(at, 1)
      if (answer !== undefined && (answer.sendBack !== undefined || offered.includes(answer.decision ?? '')))
        return answer
      // Who has not answered yet has not in the other flow either.
      if (otherwise === 'none' || unanswered.has(task.node)) return null
      return offered[0] ?? null
    },
    effect(effect) {
      const node = effect.key.split(':')[2]
      return results.get(`${effect.type} ${node}`)?.shift()?.result ?? undefined
    },
    child(effect, node) {
      const visit = visits.get(node)?.[0]
      const { outcome, ended } = visit?.state ?? {}
      const item = typeof effect.payload.item === 'string' ? effect.payload.item : null
      const came = item !== null && isJsonObject(ended) ? ended[item] : outcome
      if (typeof came !== 'string') return undefined
      return { status: came, outcome: came, after: millis(visit?.enteredAt, visit?.leftAt) }
    },
    signal(node) {
      const visit = visits.get(node)?.shift()
      if (visit === undefined) return otherwise === 'first' ? { after: 0 } : null
      return visit.exit === 'happened' ? { after: millis(visit.enteredAt, visit.leftAt) } : null
    },
    happenings: happeningsOf(run, events, later),
    ...(isClosed(run) ? {} : { until: now }),
    start: { picks: run.picks, given: run.given } as unknown as JsonObject,
  }
}

/** Nobody has answered it: it is open, or the case went on or ended without it. */
function wasLeft(task: Task): boolean {
  return isOpen(task) || (task.state === 'cancelled' && leaving.has(task.reason ?? ''))
}

/** Why a task is broken off before anybody has answered it. */
const leaving: ReadonlySet<string> = new Set(['jumped', 'terminated', 'withdrawn', 'expired', 'skipped'])

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function millis(from: string | null | undefined, to: string | null | undefined): number {
  return from && to ? Math.max(0, Date.parse(to) - Date.parse(from)) : 0
}

function answersByNode(
  run: FlowRun,
  events: readonly FlowEvent[],
  later: RecordThen['later'],
): Map<string, Said[]> {
  const decided = new Map(
    events.flatMap((event) => (event.type === 'decided' ? [[event.task, event] as const] : [])),
  )
  const found = new Map<string, Said[]>()
  const byTime = run.tasks
    .filter(({ decidedAt, decidedBy }) => decidedAt !== null && decidedBy !== null)
    .sort((a, b) => Date.parse(a.decidedAt ?? '') - Date.parse(b.decidedAt ?? ''))
  for (const task of byTime) {
    const by = task.decidedBy ?? ''
    const after = millis(task.createdAt, task.decidedAt)
    if (task.state === 'returned') {
      const sendBack = returnOf(events, task)
      if (sendBack !== null) push(found, task.node, { by, after, opinion: false, decision: null, sendBack })
      continue
    }
    const decision = decided.get(task.id)?.data.decision
    if (typeof decision !== 'string') continue
    const opinion = task.opinionOnly
    push(found, task.node, { by, after, opinion, decision, values: filledIn(run, task, later) })
  }
  return found
}

function returnOf(events: readonly FlowEvent[], task: Task): SimulatedAnswer['sendBack'] | null {
  const event = events.find(
    (one) => one.type === 'returned' && one.by === task.decidedBy && one.at === task.decidedAt,
  )
  const { to, resume } = event?.data ?? {}
  if (typeof to !== 'string') return null
  return { to, ...(resume === 'direct' || resume === 'replay' ? { resume } : {}) }
}

/** Fields that were written with a decision. */
function filledIn(run: FlowRun, task: Task, later: RecordThen['later']): JsonObject {
  const writes = later.filter(
    ({ cause, actor, at }) =>
      cause?.kind === 'task' &&
      cause.run === run.id &&
      cause.node === task.node &&
      actor === task.decidedBy &&
      Date.parse(at) === Date.parse(task.decidedAt ?? ''),
  )
  return Object.assign({}, ...writes.map(({ values }) => values)) as JsonObject
}

/** What others wrote while the case was open, and what ended it from outside. */
function happeningsOf(
  run: FlowRun,
  events: readonly FlowEvent[],
  later: RecordThen['later'],
): readonly Happening[] {
  const end = run.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(run.endedAt)
  const written = later.flatMap(({ at, cause, values }): Happening[] =>
    cause?.run === run.id || Date.parse(at) > end ? [] : [{ at, values }],
  )
  const acted = events.flatMap((event): Happening[] => {
    const act = actOf(run, event)
    return act === null ? [] : [{ at: event.at, act }]
  })
  return [...written, ...acted].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

type Act = NonNullable<Happening['act']>

/** What a person did to the case besides deciding, to be done to the walk: to the task or the step that is that one there. */
function actOf(run: FlowRun, { type, by, node, task: id, data }: FlowEvent): Act | null {
  const reason = String(data.reason ?? '–')
  const to = String(data.assignee ?? '')
  const holder = run.tasks.find((task) => task.id === id)?.assignee
  const onTask = (give: (task: Task) => FlowCommand): Act => {
    return (walked) => {
      const open = walked.tasks.filter((task) => task.node === node && task.state === 'pending')
      // Where the draft asks others, whoever is asked hands it on.
      const task = open.find(({ assignee }) => assignee === holder) ?? open[0]
      return task === undefined ? null : give(task)
    }
  }
  const about = (task: Task) => ({ task: task.id, taskRev: task.rev })
  switch (type) {
    case 'transferred':
    case 'delegated': {
      const name = type === 'transferred' ? 'transfer' : 'delegate'
      return onTask((task) => ({ type: name, ...about(task), by: task.assignee, to, comment: '–' }))
    }
    case 'reassigned':
      return by === null ? null : onTask((task) => ({ type: 'reassign', ...about(task), by, to, reason }))
    case 'skipped':
      if (by === null) return null
      return (walked) => {
        const step = walked.activations.find((one) => one.node === node && one.status === 'active')
        return step === undefined ? null : { type: 'skip', by, activation: step.id, reason }
      }
    case 'jumped':
      return by === null || node === null ? null : () => ({ type: 'jump', by, node, reason })
    case 'suspended':
      return by === null ? null : () => ({ type: 'suspend', by, reason })
    case 'resumed':
      return by === null ? null : () => ({ type: 'resume', by, reason })
    case 'withdrawn':
      return by === null ? null : () => ({ type: 'withdraw', by })
    case 'terminated':
      return () => ({ type: 'terminate', by: by ?? run.applicant, reason })
    default:
      return null
  }
}
