import { type Asked, isOpen, type Task, type TaskState } from './run.ts'

const spoken: ReadonlySet<TaskState> = new Set([
  'approved',
  'rejected',
  'done',
  'auto_approved',
  'auto_rejected',
])

/** Somebody, or the flow in somebody's place, has given an answer that counts. */
export function hasVerdict(tasks: readonly Task[]): boolean {
  return tasks.some(({ state, opinionOnly }) => !opinionOnly && spoken.has(state))
}

/**
 * They have a voice at a step: a task of their own that is open or has counted, one by which somebody else speaks for
 * them, or a seat to which the step comes `later`. `except`: a task that they are about to lose.
 */
export function hasVoice(
  tasks: readonly Task[],
  later: readonly Asked[],
  user: string,
  except?: string,
): boolean {
  const replaced = new Set(tasks.map(({ from }) => from))
  const speaks = (task: Task) => isOpen(task) || hasVerdict([task])
  return (
    later.some((seat) => seat.user === user) ||
    tasks.some(
      (task) =>
        (task.assignee === user || task.onBehalfOf === user) &&
        task.id !== except &&
        !replaced.has(task.id) &&
        speaks(task),
    )
  )
}
