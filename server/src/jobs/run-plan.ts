import Type from 'typebox'
import { runDuePlan } from '../incentives/run-due-plan.ts'
import { defineJob, type JobType } from './job.ts'
import { putOff } from './put-off.ts'

const planRun = Type.Object({ plan: Type.String(), earner: Type.String() }, { additionalProperties: false })

/** One job for each plan and organisation, however many records change. */
export function keyOfPlanRun({ plan, earner }: Type.Static<typeof planRun>): string {
  return `${plan}:${earner}`
}

/** When an organisation is looked at again at which somebody else is, in ms. */
const againAfter = 500

/** Computes what changed for one organisation in one plan and posts the difference. Running it twice posts nothing twice. */
export const runPlanJob: JobType<'run-plan', typeof planRun> = defineJob({
  name: 'run-plan',
  title: { en: 'compute a plan', zh: '计算激励方案' },
  payload: planRun,
  async run({ services, workspace }, payload) {
    if (workspace === null) return
    if ((await runDuePlan(services, workspace, payload)) !== 'busy') return
    await putOff(services, workspace, runPlanJob, payload, { key: keyOfPlanRun(payload), by: againAfter })
  },
})
