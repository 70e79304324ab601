import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { dueIn } from '../context.ts'
import type { Engine } from '../engine.ts'
import { closedStatuses, isOpen, openStatuses, type Timer } from '../run.ts'
import { closed } from './shapes.ts'

/** The calendar has changed: what was reckoned by it is due at another time. What stands still keeps its remainder. */
export const reckon = defineCommand({
  name: 'reckon',
  title: { en: 'Reckon due times anew', zh: '重新计算期限' },
  done: { en: 'due times were reckoned anew', zh: '期限已重新计算' },
  on: 'run',
  by: 'system',
  payload: Type.Object({}, closed),
  during: [...openStatuses, ...closedStatuses],
  apply(engine) {
    const { draft } = engine
    if (draft.closed) return
    for (const timer of draft.timers) {
      if (timer.state !== 'open' || timer.left !== null || timer.reckoned === null) continue
      const { from, ...duration } = timer.reckoned
      const { at } = dueIn(engine, duration, from)
      if (Date.parse(at) !== Date.parse(timer.dueAt)) moveTimer(engine, timer, at)
    }
  },
})

/** Whoever must act by then is shown the new date as well. */
function moveTimer({ draft }: Engine, timer: Timer, at: string): void {
  draft.setTimer({ ...timer, dueAt: at })
  const activation = draft.activation(timer.activation)
  const isShown = (time: unknown) => typeof time === 'string' && Date.parse(time) === Date.parse(timer.dueAt)
  if (activation !== undefined && isShown(activation.state.due))
    draft.changeActivation({ ...activation, state: { ...activation.state, due: at } })
  for (const task of draft.tasksOf(timer.activation)) {
    const isIts = timer.task === null || timer.task === task.id
    if (timer.kind !== 'expire' && isIts && isOpen(task) && isShown(task.dueAt))
      draft.changeTask({ ...task, dueAt: at, rev: task.rev })
  }
  draft.say('due_moved', {
    node: timer.kind === 'expire' ? null : (activation?.node ?? null),
    task: timer.task,
    data: { from: timer.dueAt, due: at },
  })
}
