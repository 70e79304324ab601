import { applyEffectJob } from './apply-effect.ts'
import { endDelegationJob } from './end-delegation.ts'
import { fireTimerJob } from './fire-timer.ts'
import { handOverTasksJob } from './hand-over-tasks.ts'
import type { JobType } from './job.ts'
import { runPlanJob } from './run-plan.ts'
import { sendMailJob } from './send-mail.ts'
import { signalRunJob } from './signal-run.ts'
import { tellParentJob } from './tell-parent.ts'

/** THE list of background work. */
export const jobs: readonly JobType[] = [
  applyEffectJob,
  endDelegationJob,
  fireTimerJob,
  handOverTasksJob,
  runPlanJob,
  sendMailJob,
  signalRunJob,
  tellParentJob,
]
