import { runPlan } from '../../incentives/run-plan.ts'
import type { ApplyEffect } from './index.ts'

/** Posts what a plan gives and is not posted yet; what it does not give any more is posted back. */
export const runPlanEffect: ApplyEffect = async (unit, run, payload) => {
  const { recomputeFrom } = payload
  const done = await runPlan(unit, String(payload.plan), {
    startedBy: run.applicant,
    ...(typeof recomputeFrom === 'string' ? { recomputeFrom } : {}),
  })
  return { run: done?.run ?? null, entries: done?.entries ?? 0, posted: done?.posted ?? '0' }
}
