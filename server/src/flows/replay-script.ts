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
}

/**
 * What really happened in a case, as the script of a simulation: what people decided at which step and how long they
 * took, what they filled in, what others wrote meanwhile, how flows ended that it waited for. Steps are the same where
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
  const results = new Map<string, EffectResult[]>()
  for (const one of effects) push(results, `${one.type} ${one.key.split(':')[2]}`, one)
  const visits = new Map<string, FlowRun['activations'][number][]>()
  for (const activation of run.activations) push(visits, activation.node, activation)
  const stillOpen = new Set(run.tasks.filter(isOpen).map(({ node }) => node))
  return {
    decide(task, offered) {
      const queue = said.get(task.node) ?? []
      const own = queue.findIndex(({ by }) => by === task.assignee)
      const [answer] = queue.splice(Math.max(own, 0), 1)
      if (answer !== undefined && (answer.sendBack !== undefined || offered.includes(answer.decision ?? '')))
        return answer
      // Who has not answered yet has not in the other flow either.
      if (otherwise === 'none' || (!isClosed(run) && stillOpen.has(task.node))) return null
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
      if (sendBack !== null) push(found, task.node, { by, after, decision: null, sendBack })
      continue
    }
    const decision = decided.get(task.id)?.data.decision
    if (typeof decision !== 'string' || task.opinionOnly) continue
    push(found, task.node, { by, after, decision, values: filledIn(run, task, later) })
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
  const acted = events.flatMap(({ type, at, by, data }): Happening[] => {
    if (type === 'withdrawn' && by !== null) return [{ at, command: { type: 'withdraw', by } }]
    if (type === 'terminated')
      return [
        { at, command: { type: 'terminate', by: by ?? run.applicant, reason: String(data.reason ?? '–') } },
      ]
    return []
  })
  return [...written, ...acted].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
