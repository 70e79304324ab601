import type { Engine } from './engine.ts'
import { isOpen, type Task, type TaskState } from './run.ts'

/** Several tasks speak with one voice: somebody's own and that of who stands in beside them, or all who stand in for nobody. */
export function findSharer(
  { draft }: Engine,
  { id, activation, slot, parent, link }: Task,
  fits: (other: Task) => boolean,
): Task | undefined {
  return draft
    .tasksOf(activation)
    .find(
      (other) =>
        isOpen(other) &&
        other.id !== id &&
        other.slot === slot &&
        other.parent === parent &&
        other.link === link &&
        fits(other),
    )
}

/** The task of the same voice that the clock has passed on already: whoever was to be asked instead is asked. */
export function findPassedOn(engine: Engine, task: Task): Task | undefined {
  const ownerOf = (one: Task) => {
    const { assignee, onBehalfOf } = lineOf(engine, one).at(-1) ?? one
    return onBehalfOf ?? assignee
  }
  return findSharer(engine, task, (other) => {
    // Those who were added together have a voice each; a seat that the step itself asks has one.
    const isOneVoice = task.link === null || ownerOf(other) === ownerOf(task)
    return isOneVoice && lineOf(engine, other).some(({ reason }) => byTheClock.has(reason ?? ''))
  })
}

const byTheClock: ReadonlySet<string> = new Set(['escalated', 'timed_out'])

/** A task and those whose place it took, the first of them last. */
function lineOf({ draft }: Engine, task: Task): readonly Task[] {
  const line = [task]
  for (let { from } = task; from !== null; ) {
    const before = draft.task(from)
    if (before === undefined) break
    line.push(before)
    from = before.from
  }
  return line
}

/** One of two tasks of a voice falls away; whoever was asked from it belongs to the other. */
export function foldInto(
  { draft }: Engine,
  task: Task,
  stays: Task,
  { state, reason }: { readonly state: TaskState; readonly reason: string },
): void {
  for (const child of draft.tasksOf(task.activation))
    if (child.parent === task.id && child.link !== 'parallel')
      draft.changeTask({ ...child, parent: stays.id })
  draft.closeTask(task, state, reason)
}
