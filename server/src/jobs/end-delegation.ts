import Type from 'typebox'
import { giveBack } from '../flows/delegation-windows.ts'
import { defineJob } from './job.ts'

/** A time in which somebody stood in is over: what is still open goes back. */
export const endDelegationJob = defineJob({
  name: 'end-delegation',
  payload: Type.Object({ delegation: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => giveBack(services, workspace ?? '', payload.delegation),
})
