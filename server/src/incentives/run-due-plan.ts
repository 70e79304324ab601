import { inUnit } from '../db/unit.ts'
import { engineActor, nobody } from '../flows/engine-actor.ts'
import type { Services } from '../services.ts'
import { type PlanRun, runPlan } from './run-plan.ts'

/** What the job `run-plan` does: the difference for one organisation, in a transaction of its own. */
export async function runDuePlan(
  services: Services,
  workspace: string,
  { plan, earner }: { readonly plan: string; readonly earner: string },
): Promise<PlanRun | null> {
  const served = await services.releases.current(workspace)
  // A plan that was taken away keeps its ledger as it stands.
  if (served === undefined || !served.release.plans.has(plan)) return null
  return inUnit(services, served, engineActor(services, served, nobody), (unit) =>
    runPlan(unit, plan, { dueOf: earner, startedBy: null }),
  )
}
