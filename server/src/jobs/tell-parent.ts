import Type from 'typebox'
import { tellParent } from '../flows/children.ts'
import { BothTexts } from '../routes/shapes.ts'
import { defineJob } from './job.ts'

const nullableText = Type.Union([Type.String(), Type.Null()])

/** Tells a case that one it started has come to its end, once. */
export const tellParentJob = defineJob({
  name: 'tell-parent',
  title: { en: 'tell a case that its subflow has ended', zh: '告知流程其子流程已结束' },
  payload: Type.Object(
    {
      parent: Type.String(),
      activation: Type.String(),
      run: Type.String(),
      status: Type.String(),
      outcome: nullableText,
      item: nullableText,
      title: Type.Optional(BothTexts),
    },
    { additionalProperties: false },
  ),
  about: ({ parent }) => parent,
  run: ({ services, workspace }, payload) => tellParent(services, workspace ?? '', payload),
})
