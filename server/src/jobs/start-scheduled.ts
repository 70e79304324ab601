import Type from 'typebox'
import { startScheduled } from '../flows/schedules.ts'
import { defineJob } from './job.ts'

/** Begins the cases of one time of a schedule, a page of records at a time. */
export const startScheduledJob = defineJob({
  name: 'start-scheduled',
  title: { en: 'begin the cases of a schedule', zh: '发起定时流程的各个实例' },
  payload: Type.Object(
    { flow: Type.String(), at: Type.String(), after: Type.String() },
    { additionalProperties: false },
  ),
  run: ({ services, workspace }, payload) => startScheduled(services, workspace ?? '', payload),
})
