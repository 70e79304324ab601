import { applyEffectJob } from './apply-effect.ts'
import { fireTimerJob } from './fire-timer.ts'
import type { JobType } from './job.ts'
import { runPlanJob } from './run-plan.ts'
import { sendMailJob } from './send-mail.ts'
import { tellParentJob } from './tell-parent.ts'

/** THE list of background work. */
export const jobs: readonly JobType[] = [applyEffectJob, fireTimerJob, runPlanJob, sendMailJob, tellParentJob]
