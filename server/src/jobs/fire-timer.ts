import Type from 'typebox'
import { fireTimer, putOffTimer } from '../flows/timers.ts'
import { defineJob } from './job.ts'

/** Tells a run that the time of one of its timers has come, once. */
export const fireTimerJob = defineJob({
  name: 'fire-timer',
  title: { en: 'act when time is up', zh: '处理到期时限' },
  payload: Type.Object({ timer: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => fireTimer(services, workspace ?? '', payload.timer),
  exhausted: ({ services, workspace }, payload, error) =>
    putOffTimer(services, workspace ?? '', payload.timer, error),
})
