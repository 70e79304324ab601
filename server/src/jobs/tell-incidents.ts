import Type from 'typebox'
import { tellIncidents } from '../flows/incidents.ts'
import { defineJob } from './job.ts'

/** Tells those who administer flows of cases that can't go on by themselves. */
export const tellIncidentsJob = defineJob({
  name: 'tell-incidents',
  title: { en: 'tell of cases that are stuck', zh: '通知异常流程' },
  payload: Type.Object({}, { additionalProperties: false }),
  comesAgain: true,
  run: ({ services, workspace }) => tellIncidents(services, workspace ?? ''),
})
