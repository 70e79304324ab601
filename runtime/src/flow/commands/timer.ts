import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { millisBetween } from '../due-time.ts'
import { expireRun } from '../expiry.ts'
import { closedStatuses, openStatuses } from '../run.ts'
import { applyTimeout } from '../timeouts.ts'
import { closed, Id } from './shapes.ts'

/** A timer is due. One that was overtaken (decided, cancelled, stopped) does nothing, and that is written down. */
export const timer = defineCommand({
  name: 'timer',
  title: { en: 'Timer', zh: '定时' },
  done: { en: 'a timer fired', zh: '定时触发' },
  on: 'run',
  by: 'system',
  payload: Type.Object({ timer: Id }, closed),
  during: [...openStatuses, ...closedStatuses],
  apply(engine, command) {
    const { draft } = engine
    const due = draft.timer(command.timer)
    const activation = due && draft.activation(due.activation)
    const isLive = due?.kind === 'expire' ? !draft.closed : activation?.status === 'active'
    if (!due || !activation || !isLive || due.state !== 'open' || due.left !== null) {
      // Delivered again, it is written down no second time.
      if (due?.data.late === true) return
      const { task = null } = due ?? {}
      draft.say('timer_late', { node: activation?.node ?? null, task, data: { timer: command.timer } })
      if (due !== undefined) draft.setTimer({ ...due, data: { ...due.data, late: true } })
      return
    }
    // A clock that was set back fires it again when its time has come.
    if (millisBetween(engine.now, due.dueAt) > 0)
      throw engine.refuse(errors.flowTimerEarly, { due: due.dueAt })
    draft.setTimer({ ...due, state: 'fired' })
    if (due.kind === 'expire') expireRun(engine)
    else if (due.kind === 'timeout' && due.task !== null) applyTimeout(engine, due)
    else engine.resume(activation.id, { type: 'timer', timer: due })
  },
})
