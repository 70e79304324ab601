import Type from 'typebox'
import { tellStepOfEvent } from '../flows/events.ts'
import { signalRun } from '../flows/signals.ts'
import { defineJob } from './job.ts'

/** Tells a step that waits that something has happened to what it waits for; `event`: the id of an event. */
export const signalRunJob = defineJob({
  name: 'signal-run',
  title: { en: 'tell a step what it waits for', zh: '通知等待中的步骤' },
  payload: Type.Object(
    {
      run: Type.String(),
      activation: Type.String(),
      name: Type.String(),
      event: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  ),
  about: ({ run }) => run,
  run: ({ services, workspace }, { event, ...step }) =>
    event === undefined
      ? signalRun(services, workspace ?? '', step)
      : tellStepOfEvent(services, workspace ?? '', { ...step, event }),
})
