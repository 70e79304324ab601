import Type from 'typebox'
import { giveBack } from '../flows/delegation-windows.ts'
import { defineJob } from './job.ts'

/** A time in which somebody stood in is over: what is still open goes back. */
export const endDelegationJob = defineJob({
  name: 'end-delegation',
  title: { en: 'give tasks back when nobody stands in any more', zh: '代理结束后归还待办' },
  payload: Type.Object({ delegation: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => giveBack(services, workspace ?? '', payload.delegation),
})
