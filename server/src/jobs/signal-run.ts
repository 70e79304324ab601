import Type from 'typebox'
import { signalRun } from '../flows/signals.ts'
import { defineJob } from './job.ts'

/** Tells a step that waits that something has happened to what it waits for. */
export const signalRunJob = defineJob({
  name: 'signal-run',
  payload: Type.Object(
    { run: Type.String(), activation: Type.String(), name: Type.String() },
    { additionalProperties: false },
  ),
  run: ({ services, workspace }, payload) => signalRun(services, workspace ?? '', payload),
})
