import Type from 'typebox'
import { hearKeptEvents } from '../flows/events.ts'
import { defineJob } from './job.ts'

/** A step has begun to wait for an event: it may have been raised a moment before. */
export const hearEventsJob = defineJob({
  name: 'hear-events',
  payload: Type.Object({ run: Type.String(), activation: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => hearKeptEvents(services, workspace ?? '', payload),
})
