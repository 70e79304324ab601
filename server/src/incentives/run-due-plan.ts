import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { workspaceNotFound } from '@channelwright/runtime/errors/publishing.ts'
import { inUnit } from '../db/unit.ts'
import { engineActor, nobody } from '../flows/engine-actor.ts'
import type { Services } from '../services.ts'
import { claimPlan, type PlanRun, type RunPlanOptions, runPlan } from './run-plan.ts'

/**
 * What the job `run-plan` does: the difference for one organisation, in a transaction of its own. `busy`: another is at
 * it, to be looked at again behind it; to wait here would keep all who work from other work.
 */
export async function runDuePlan(
  services: Services,
  workspace: string,
  { plan, earner }: { readonly plan: string; readonly earner: string },
): Promise<PlanRun | 'busy' | null> {
  const served = await services.releases.current(workspace)
  // A plan that was taken away keeps its ledger as it stands.
  if (served === undefined || !served.release.plans.has(plan)) return null
  return inUnit(services, served, engineActor(services, served, nobody), async (unit) =>
    (await claimPlan(unit, plan, earner)) ? runPlan(unit, plan, { dueOf: earner, startedBy: null }) : 'busy',
  )
}

/** A run over everything, outside a request: the command line, demo data. Throws WORKSPACE_NOT_FOUND, PLAN_UNKNOWN. */
export async function runPlanNow(
  services: Services,
  workspace: string,
  plan: string,
  options: Pick<RunPlanOptions, 'simulate' | 'recomputeFrom'> = {},
): Promise<PlanRun> {
  const served = await services.releases.current(workspace)
  if (served === undefined) throw new Refusal(workspaceNotFound, { workspace })
  const run = await inUnit(services, served, engineActor(services, served, nobody), (unit) =>
    runPlan(unit, plan, { ...options, startedBy: null }),
  )
  if (run === null) throw new Error('a run over all windows gave nothing')
  return run
}
