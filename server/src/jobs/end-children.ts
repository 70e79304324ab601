import Type from 'typebox'
import { endChildren } from '../flows/children.ts'
import { defineJob } from './job.ts'

/** A step does not wait any more for the cases that it started: those that are still open end, one by one. */
export const endChildrenJob = defineJob({
  name: 'end-children',
  title: { en: 'end the subflows of a step that was left', zh: '结束已离开步骤的子流程' },
  payload: Type.Object(
    { run: Type.String(), activations: Type.Array(Type.String()), back: Type.Boolean() },
    { additionalProperties: false },
  ),
  about: ({ run }) => run,
  run: ({ services, workspace }, payload) => endChildren(services, workspace ?? '', payload),
})
