import * as errors from '../errors/flows.ts'
import { askPeople, barredAt, contextOf, hasPart, windowsOf } from './context.ts'
import type { Engine, Place } from './engine.ts'
import type { DelegationWindow } from './people.ts'
import type { Task } from './run.ts'
import { successorOf } from './successor.ts'
import { moveTimers } from './timers.ts'

/** How often one task may be passed from person to person. */
const longestChain = 5

/** Refuses a task that was passed on too often. */
export function refuseLongChain(engine: Engine, task: Task): void {
  let length = 0
  for (let from = task.from; from !== null; ) {
    const before = engine.draft.task(from)
    if (before === undefined || before.reason !== 'transferred') break
    length += 1
    from = before.from
  }
  if (length >= longestChain) throw engine.refuse(errors.flowTransferChain, { most: longestChain })
}

/**
 * Another person takes a task over with its seat, weight, clock and those who hang on it; the old one is closed. A
 * window in which the other has handed their tasks on is honoured, once.
 */
export function handOver(
  engine: Engine,
  task: Task,
  to: string,
  how: { readonly state: 'transferred' | 'expired'; readonly reason: string; readonly delegate?: boolean },
): Task {
  const { draft } = engine
  const place = engine.locate(task.activation)
  const window = how.delegate === false ? undefined : standInsFor(engine, place, [to], task.id)(to)
  const successor: Task = {
    ...task,
    id: engine.ports.newId(),
    assignee: window?.to ?? to,
    onBehalfOf: window === undefined ? null : to,
    delegation: window?.id ?? null,
    from: task.id,
    rev: 1,
    reason: null,
    comment: null,
    createdAt: engine.now,
  }
  moveTimers(engine, task, successor)
  draft.closeTask(task, how.state, how.reason)
  draft.addTask(successor)
  for (const child of draft.tasksOf(task.activation))
    if (child.parent === task.id && child.link !== 'parallel')
      draft.changeTask({ ...child, parent: successor.id })
  return successor
}

/**
 * By which window somebody else acts instead of each of these people here: nobody who has left or is left out, and
 * where money moves nobody who has a voice here already. Asked for one after the other, as they get their tasks.
 */
export function standInsFor(
  engine: Engine,
  place: Place,
  users: readonly string[],
  except?: string,
): (user: string) => DelegationWindow | undefined {
  const windows = windowsOf(engine, users).filter(({ mode }) => mode === 'replace')
  const barred = barredAt(engine, place)
  const here = askPeople(
    engine,
    windows.map(({ to }) => ({ ask: 'user', user: to }) as const),
  )
  const speaks = (to: string) => users.includes(to) || hasPart(engine, place.activation.id, to, except)
  return (user) =>
    windows.find(
      ({ from, to }, index) =>
        from === user &&
        here[index]?.includes(to) &&
        !barred.includes(to) &&
        !(engine.flow.money === true && speaks(to)),
    )
}

/**
 * Finds somebody for a task whose person is gone: who stands in for them, whoever is above them, an administrator. No
 * applicant of their own case, nobody who has a task of the step already.
 */
export function findSuccessor(engine: Engine, task: Task, gone: string): string | null {
  const place = engine.locate(task.activation)
  const taken = new Set([...barredAt(engine, place), gone])
  const fits = (user: string) => !taken.has(user) && !hasPart(engine, task.activation, user, task.id)
  return successorOf(contextOf(engine, place, []), gone, fits)
}
