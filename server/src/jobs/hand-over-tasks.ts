import Type from 'typebox'
import { handOverTasks } from '../flows/people-left.ts'
import { defineJob } from './job.ts'

/** Somebody is not here any more: what waits for them goes to others, one transaction per case. */
export const handOverTasksJob = defineJob({
  name: 'hand-over-tasks',
  title: { en: 'hand on the tasks of somebody who has left', zh: '移交离职人员的待办' },
  payload: Type.Object({ user: Type.String() }, { additionalProperties: false }),
  run: ({ services, workspace }, payload) => handOverTasks(services, workspace ?? '', payload.user),
})
