import Type from 'typebox'
import { tellMended } from '../flows/children.ts'
import { defineJob } from './job.ts'

/** A case that stood still while it was taken back does so no longer: the step that began it goes on with the others. */
export const tellMendedJob = defineJob({
  name: 'tell-mended',
  title: { en: 'go on taking back what a step began', zh: '继续撤销步骤启动的流程' },
  payload: Type.Object({ run: Type.String(), activation: Type.String() }, { additionalProperties: false }),
  about: ({ run }) => run,
  run: ({ services, workspace }, payload) => tellMended(services, workspace ?? '', payload),
})
