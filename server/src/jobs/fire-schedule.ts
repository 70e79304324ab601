import Type from 'typebox'
import { fireSchedule } from '../flows/schedules.ts'
import { defineJob } from './job.ts'

/** The time of a flow that begins at times has come. */
export const fireScheduleJob = defineJob({
  name: 'fire-schedule',
  title: { en: 'begin a flow at its time', zh: '定时发起流程' },
  payload: Type.Object({ flow: Type.String(), at: Type.String() }, { additionalProperties: false }),
  // The next time is planned by this very job: it is tried for days.
  maxAttempts: 40,
  comesAgain: true,
  run: ({ services, workspace }, payload) => fireSchedule(services, workspace ?? '', payload),
})
