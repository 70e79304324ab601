import { applyEffectJob } from './apply-effect.ts'
import type { JobType } from './job.ts'
import { runPlanJob } from './run-plan.ts'

/** THE list of background work. */
export const jobs: readonly JobType[] = [applyEffectJob, runPlanJob]
