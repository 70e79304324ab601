import Type from 'typebox'
import { reckonTimers } from '../flows/reckon-timers.ts'
import { defineJob } from './job.ts'

/** A calendar has changed: what is open is due at other times. */
export const reckonTimersJob = defineJob({
  name: 'reckon-timers',
  title: { en: 'reckon due times by a calendar that changed', zh: '日历变更后重算期限' },
  payload: Type.Object({ release: Type.Integer() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => reckonTimers(services, workspace ?? '', payload.release),
})
