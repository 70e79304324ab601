import Type from 'typebox'
import { runDuePlan } from '../incentives/run-due-plan.ts'
import { defineJob } from './job.ts'

/** Computes what changed for one organisation in one plan and posts the difference. Running it twice posts nothing twice. */
export const runPlanJob = defineJob({
  name: 'run-plan',
  payload: Type.Object({ plan: Type.String(), earner: Type.String() }, { additionalProperties: false }),
  async run({ services, workspace }, payload) {
    if (workspace === null) return
    await runDuePlan(services, workspace, payload)
  },
})
