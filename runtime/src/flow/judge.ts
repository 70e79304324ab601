import * as errors from '../errors/flows.ts'
import type { CommandKind, CommandView } from './command-kind.ts'
import { commandKinds } from './commands/index.ts'
import type { Denial } from './refuse.ts'
import { type FlowRun, isClosed, isOpen, type Task } from './run.ts'

const usually: readonly FlowRun['status'][] = ['running', 'returned', 'incident']

/**
 * Why a command is not given now, by this person, on this run or task; null: it may be. What the server alone knows
 * (who administers flows) it has asked itself.
 */
export function judgeCommand(kind: CommandKind, view: CommandView, task: Task | null): Denial | null {
  if (kind.on === 'task') {
    if (task === null) return { error: errors.flowTaskUnknown }
    // What is taken back was decided; everything else is done to what is open.
    const isMine =
      kind.name === 'take_back' || (kind.by === 'assignee' ? task.state === 'pending' : isOpen(task))
    if (!isMine && task.state === 'waiting') return { error: errors.flowTaskWaiting }
    if (!isMine) return { error: errors.flowTaskDecided, values: { state: task.state } }
  }
  const { status } = view.run
  if (!(kind.during ?? usually).includes(status)) {
    if (isClosed(view.run)) return { error: errors.flowRunClosed, values: { status } }
    return { error: status === 'suspended' ? errors.flowSuspended : errors.flowRunOpen, values: { status } }
  }
  const denied = judgeGiver(kind, view, task)
  return denied ?? kind.allowed?.(view, task) ?? null
}

function judgeGiver(
  { by, name }: CommandKind,
  { run, person, admin }: CommandView,
  task: Task | null,
): Denial | null {
  switch (by) {
    case 'assignee': {
      const theirs = name === 'take_back' ? task?.decidedBy : task?.assignee
      return theirs === person ? null : { error: errors.flowTaskNotYours }
    }
    case 'adder':
      return admin || task?.addedBy === person ? null : { error: errors.flowNotAdder }
    case 'applicant':
      return run.applicant === person ? null : { error: errors.flowNotApplicant }
    case 'admin':
    case 'system':
      return null
  }
}

export interface Offer {
  readonly kind: CommandKind
  /** Why it can't be given now; null: it can. */
  readonly denied: Denial | null
}

/**
 * The commands that concern a person at a run, or at one of its tasks: what a screen has buttons for. Those of others
 * are left out; those that are theirs but not now come with the reason.
 */
export function offersFor(view: CommandView, task: Task | null): readonly Offer[] {
  return commandKinds.flatMap((known): Offer[] => {
    const kind = known as unknown as CommandKind
    if (kind.by === 'system' || kind.on !== (task === null ? 'run' : 'task')) return []
    if (kind.by === 'admin' ? !view.admin : judgeGiver(kind, view, task) !== null) return []
    return [{ kind, denied: judgeCommand(kind, view, task) }]
  })
}

/** Whether the person may take the case back now. */
export function mayWithdraw(
  flow: CommandView['flow'],
  run: FlowRun,
  person: string,
  now = run.startedAt,
): boolean {
  const view = { flow, run, person, admin: false, now }
  return offersFor(view, null).some(({ kind, denied }) => kind.name === 'withdraw' && denied === null)
}
