import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import { dateInZone } from '../db/time-zone.ts'
import type { RecordChange, RecordFollower, Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { keyOfPlanRun, runPlanJob } from '../jobs/run-plan.ts'
import { quoteTable } from '../publish/quote.ts'
import { runPrepared } from '../records/run-prepared.ts'

/** How long changes are gathered before amounts follow them, in ms: to compute a window once more costs a full look. */
const gatherFor = 1_000

interface DueWindow {
  readonly earner: string
  readonly day: string
}

/**
 * Follows record writes: what may have changed an amount is noted in the same transaction, and a job that computes
 * the difference is enqueued with it. Where the record counted before and where it counts now are both looked at.
 */
export const markPlansDue: RecordFollower = async (unit, change) => {
  for (const plan of unit.served.release.plans.values()) {
    if (plan.events.object !== change.object) continue
    const due = dueWindows(unit, plan, change)
    if (due.length === 0) continue
    const table = quoteTable(unit.served.workspace.schema, 'cw_plan_dirty')
    await unit.asEngine(() =>
      runPrepared(
        unit,
        `INSERT INTO ${table} (plan, earner, day, event)
         SELECT $1, earner, day, $2 FROM unnest($3::uuid[], $4::date[]) AS due (earner, day)`,
        [plan.key, change.id, due.map((one) => one.earner), due.map((one) => one.day)],
      ),
    )
    for (const earner of new Set(due.map((one) => one.earner))) {
      // One job for each plan and earner, however many records change; keyed by earner so that writers of different
      // organisations do not queue for one row.
      const payload = { plan: plan.key, earner }
      enqueueJob(unit, runPlanJob, payload, { key: keyOfPlanRun(payload), gatherFor })
    }
  }
}

function dueWindows(unit: Unit, plan: PlanDefinition, change: RecordChange): DueWindow[] {
  const sides = [change.before, change.after].flatMap((values): DueWindow[] => {
    if (values === null) return []
    const earner = values[plan.events.earner]
    const date = values[plan.events.date]
    if (typeof earner !== 'string' || typeof date !== 'string') return []
    // A date is ten characters; a moment counts on its local day.
    const day = date.length === 10 ? date : dateInZone(date, unit.served.workspace.timeZone)
    return [{ earner, day }]
  })
  const [first, second] = sides
  return first && second && first.earner === second.earner && first.day === second.day ? [first] : sides
}
