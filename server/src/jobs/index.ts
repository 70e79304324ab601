import { applyEffectJob } from './apply-effect.ts'
import { endChildrenJob } from './end-children.ts'
import { endDelegationJob } from './end-delegation.ts'
import { fireScheduleJob } from './fire-schedule.ts'
import { fireTimerJob } from './fire-timer.ts'
import { handOverTasksJob } from './hand-over-tasks.ts'
import { hearEventsJob } from './hear-events.ts'
import type { JobType } from './job.ts'
import { migrateRunsJob } from './migrate-runs.ts'
import { reckonTimersJob } from './reckon-timers.ts'
import { runPlanJob } from './run-plan.ts'
import { sendMailJob } from './send-mail.ts'
import { signalRunJob } from './signal-run.ts'
import { startScheduledJob } from './start-scheduled.ts'
import { sweepFilesJob } from './sweep-files.ts'
import { tellEventJob } from './tell-event.ts'
import { tellIncidentsJob } from './tell-incidents.ts'
import { tellMendedJob } from './tell-mended.ts'
import { tellParentJob } from './tell-parent.ts'

/** THE list of background work. */
export const jobs: readonly JobType[] = [
  applyEffectJob,
  endChildrenJob,
  endDelegationJob,
  fireScheduleJob,
  fireTimerJob,
  handOverTasksJob,
  hearEventsJob,
  migrateRunsJob,
  reckonTimersJob,
  runPlanJob,
  sendMailJob,
  signalRunJob,
  sweepFilesJob,
  startScheduledJob,
  tellEventJob,
  tellIncidentsJob,
  tellMendedJob,
  tellParentJob,
]
