import type { FlowEvent, FlowRun, Task } from '@channelwright/runtime/flow/run.ts'
import { isOpen } from '@channelwright/runtime/flow/run.ts'
import type { SimulatedAnswer, Simulation } from '@channelwright/runtime/flow/simulate.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { RecordThen } from './record-then.ts'

/** What became of a task, for somebody who is asked the same in a walk. */
interface Fate {
  readonly by: string
  /** Whether it was only heard, and whether it belonged to somebody who was added. */
  readonly opinion: boolean
  readonly added: boolean
  readonly answer: SimulatedAnswer | 'silent' | Lapsed
  /** Somebody else who is asked instead takes it over. */
  readonly spare: boolean
  /** By which of those that are spare the first is told. */
  readonly order: number
}

/** The task fell away by what others did, or the clock: so long after it was opened. */
interface Lapsed {
  readonly lapsed: number
}

/**
 * What people answered in a case, to be said again in a walk of it: each at the same visit of the step, by themselves
 * where they are asked again, otherwise by whoever is asked in their place. Whoever handed a task on, was removed, or
 * has not answered yet, says nothing. To be made anew for each walk: it is used up.
 */
export function answersOf(
  run: FlowRun,
  events: readonly FlowEvent[],
  later: RecordThen['later'],
  otherwise: 'first' | 'none',
): NonNullable<Simulation['decide']> {
  const byVisit = fatesByVisit(run, events, later)
  const unanswered = new Set(run.tasks.filter(wasLeft).map(({ node }) => node))
  return (task, offered, walked) => {
    const fates = byVisit.get(visitOf(walked, task)) ?? []
    const isAlike = ({ opinion, added }: Fate) => opinion === task.opinionOnly && added === isAdded(task)
    const mayAnswer = ({ opinion }: Fate) => opinion === task.opinionOnly
    const own = (fate: Fate) => fate.by === task.assignee
    const spare = fates.filter((one) => one.spare && isAlike(one)).sort((a, b) => a.order - b.order)
    const fate =
      fates.find((one) => own(one) && isAlike(one)) ??
      fates.find((one) => own(one) && mayAnswer(one)) ??
      spare[0]
    if (fate !== undefined) fates.splice(fates.indexOf(fate), 1)
    const answer = fate?.answer
    if (answer === 'silent') return null
    const isSaid = answer !== undefined && !('lapsed' in answer)
    if (isSaid && (answer.sendBack !== undefined || offered.includes(answer.decision ?? ''))) return answer
    // Who has not answered yet has not in the other flow either.
    if (otherwise === 'none' || (answer === undefined && unanswered.has(task.node))) return null
    const [decision] = offered
    if (decision === undefined) return null
    // Where it does not fall away here, it is answered once it would have.
    return answer !== undefined && 'lapsed' in answer ? { decision, after: answer.lapsed + 1 } : decision
  }
}

/** The step and how often it had been entered before: the same in the case and in each walk of it. */
export function visitOf(run: FlowRun, { activation, node }: { activation: string; node: string }): string {
  const visits = run.activations.filter((one) => one.node === node)
  return `${node} ${visits.findIndex(({ id }) => id === activation)}`
}

/** Nobody has answered it: it is open, or the case went on or ended without it. */
function wasLeft(task: Task): boolean {
  return isOpen(task) || task.state === 'skipped' || (task.state === 'cancelled' && isLeaving(task.reason))
}

const leaving: ReadonlySet<string> = new Set(['jumped', 'terminated', 'withdrawn', 'expired', 'skipped'])

/** Why a task is broken off before anybody has answered it. */
function isLeaving(reason: string | null): boolean {
  return leaving.has(reason ?? '')
}

/** Somebody asked for it, not the step. */
function isAdded({ link }: Task): boolean {
  return link !== null && link !== 'delegate'
}

export function millis(from: string | null | undefined, to: string | null | undefined): number {
  return from && to ? Math.max(0, Date.parse(to) - Date.parse(from)) : 0
}

function fatesByVisit(
  run: FlowRun,
  events: readonly FlowEvent[],
  later: RecordThen['later'],
): Map<string, Fate[]> {
  const decided = new Map<string | null, FlowEvent>()
  // Those who had to wait for others when they were asked begin when they are told.
  const opened = new Map<string | null, string>()
  const waited = new Set<string | null>()
  for (const event of events) {
    if (event.type === 'decided' || event.type === 'opinion_given') decided.set(event.task, event)
    if (event.type === 'task_created' && event.data.state === 'waiting') waited.add(event.task)
    if (event.type === 'task_opened' && waited.has(event.task) && !opened.has(event.task))
      opened.set(event.task, event.at)
  }
  const found = new Map<string, Fate[]>()
  const inOrder = [...run.tasks].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
  for (const task of inOrder) {
    const after = millis(opened.get(task.id) ?? task.createdAt, task.decidedAt)
    const answer = answerOf(run, events, task, decided.get(task.id), after, later)
    // By itself, at once: nobody was ever asked.
    if (answer === null) continue
    const isHandedOn = task.state === 'transferred' && isPassedByPeople(task)
    const visit = visitOf(run, task)
    const fates = found.get(visit) ?? []
    found.set(visit, fates)
    fates.push({
      by: task.assignee,
      opinion: task.opinionOnly,
      added: isAdded(task),
      answer,
      spare: isHandedOn || (answer !== 'silent' && !('lapsed' in answer)),
      // Whoever is asked instead of somebody who handed it on does so too, before anybody answers.
      order: isHandedOn ? 0 : Date.parse(task.decidedAt ?? ''),
    })
  }
  return found
}

function answerOf(
  run: FlowRun,
  events: readonly FlowEvent[],
  task: Task,
  said: FlowEvent | undefined,
  after: number,
  later: RecordThen['later'],
): Fate['answer'] | null {
  if (task.state === 'returned') {
    const sendBack = returnOf(events, task)
    return sendBack === null ? { lapsed: after } : { after, decision: null, sendBack }
  }
  const decision = said?.data.decision
  if (typeof decision === 'string') return { after, decision, values: filledIn(run, task, later) }
  if (wasLeft(task) || task.reason === 'removed' || isPassedByPeople(task)) return 'silent'
  if (task.state === 'auto_approved' && task.reason !== 'timed_out') return null
  return { lapsed: after }
}

/** What is done to the walk as well, by those who did it. */
function isPassedByPeople({ reason }: Task): boolean {
  return reason === 'transferred' || reason === 'reassigned'
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
