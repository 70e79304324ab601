import Type from 'typebox'
import { defineCommand } from '../command-kind.ts'
import { dueIn } from '../context.ts'
import { closedStatuses, openStatuses } from '../run.ts'
import { moveTimer } from '../timers.ts'
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
      if (timer.reckoned.frozen) continue
      const { from, after, unit } = timer.reckoned
      const { at, reckoned } = dueIn(engine, { after, unit }, from)
      if (Date.parse(at) === Date.parse(timer.dueAt)) continue
      moveTimer(engine, timer, { dueAt: at, reckoned })
      const node = timer.kind === 'expire' ? null : (draft.activation(timer.activation)?.node ?? null)
      draft.say('due_moved', { node, task: timer.task, data: { from: timer.dueAt, due: at } })
    }
  },
})
