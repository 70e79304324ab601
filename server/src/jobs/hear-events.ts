import Type from 'typebox'
import { hearKeptEvents } from '../flows/events.ts'
import { defineJob } from './job.ts'

/** A step has begun to wait for an event: it may have been raised a moment before. */
export const hearEventsJob = defineJob({
  name: 'hear-events',
  title: { en: 'look whether what a step waits for has been raised', zh: '查找步骤等待的事件' },
  payload: Type.Object({ run: Type.String(), activation: Type.String() }, { additionalProperties: false }),
  about: ({ run }) => run,
  run: ({ services, workspace }, payload) => hearKeptEvents(services, workspace ?? '', payload),
})
