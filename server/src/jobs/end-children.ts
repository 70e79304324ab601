import Type from 'typebox'
import { endChildren } from '../flows/children.ts'
import { defineJob } from './job.ts'

/** A step does not wait any more for the cases that it started: those that are still open end, one by one. */
export const endChildrenJob = defineJob({
  name: 'end-children',
  payload: Type.Object(
    { run: Type.String(), activations: Type.Array(Type.String()), back: Type.Boolean() },
    { additionalProperties: false },
  ),
  run: ({ services, workspace }, payload) => endChildren(services, workspace ?? '', payload),
})
