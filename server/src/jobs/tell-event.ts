import Type from 'typebox'
import { tellEvent } from '../flows/events.ts'
import { defineJob } from './job.ts'

/** Tells every step that waits for an event that it was raised. */
export const tellEventJob = defineJob({
  name: 'tell-event',
  title: { en: 'tell the steps that wait for an event', zh: '通知等待事件的步骤' },
  payload: Type.Object({ event: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => tellEvent(services, workspace ?? '', payload.event),
})
