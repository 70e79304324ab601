import type {
  EarningsReply,
  NextBand,
  PlanEarnings,
  WindowEarnings,
} from '@channelwright/runtime/api/incentives.ts'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import { subtract } from '@channelwright/runtime/incentives/arithmetic.ts'
import { hitRow } from '@channelwright/runtime/incentives/bands.ts'
import { windowOf } from '@channelwright/runtime/incentives/windows.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { titlesOf } from './ledger.ts'
import { planLevels } from './plan-levels.ts'

export interface EarningsQuery {
  readonly plan?: string
  readonly earner?: string
}

interface WindowRow {
  plan: string
  earner: string
  window_from: string
  window_to: string
  event: string | null
  measures: Record<string, string> | null
  amount: string
}

/** What the actor, or the organisations the actor may see, earned: by plan and window, with the way to the next band. */
export async function readEarnings(unit: Unit, query: EarningsQuery = {}): Promise<EarningsReply> {
  const levels = planLevels(unit.served, unit.actor)
  const plans: PlanEarnings[] = []
  const shown: WindowRow[] = []
  for (const [key, level] of levels) {
    const plan = unit.served.release.plans.get(key)
    if (plan === undefined || (query.plan !== undefined && query.plan !== key)) continue
    const rows = await readWindows(unit, key, query.earner)
    shown.push(...rows)
    plans.push(await describePlan(unit, plan, level, rows, query.earner))
  }
  return { today: unit.today, plans, titles: await titlesOf(unit, shown) }
}

async function describePlan(
  unit: Unit,
  plan: PlanDefinition,
  level: 'own' | 'all',
  rows: readonly WindowRow[],
  earner: string | undefined,
): Promise<PlanEarnings> {
  const current = windowOf(plan.window === 'event' ? 'quarter' : plan.window, unit.today)
  const [totals] = await unit.query<{ total: string; current: string }>(
    `SELECT coalesce(sum(amount), 0)::text AS total,
       coalesce(sum(amount) FILTER (WHERE window_from BETWEEN $2::date AND $3::date), 0)::text AS current
     FROM ${quoteTable(unit.served.workspace.schema, 'cw_ledger_entry')}
     WHERE plan = $1 ${earner === undefined ? '' : 'AND earner = $4'}`,
    [plan.key, current.from, current.to, ...(earner === undefined ? [] : [earner])],
  )
  return {
    plan: plan.key,
    title: plan.title,
    currency: plan.currency,
    window: plan.window,
    level,
    total: totals?.total ?? '0',
    current: { ...current, total: totals?.current ?? '0' },
    windows: rows.map((row) => describeWindow(plan, row)),
  }
}

/** Amounts by window, and the measures as they were last computed under any version of the plan. */
function readWindows(unit: Unit, plan: string, earner: string | undefined): Promise<WindowRow[]> {
  const { schema } = unit.served.workspace
  const mine = earner === undefined ? '' : 'AND earner = $2'
  return unit.query<WindowRow>(
    `SELECT plan, earner, window_from, window_to, event, r.measures, coalesce(l.amount, 0)::text AS amount
     FROM (
       SELECT DISTINCT ON (window_from, earner, window_to, event) plan, earner, window_from, window_to, event, measures
       FROM ${quoteTable(schema, 'cw_result')} WHERE plan = $1 AND NOT simulate ${mine}
       ORDER BY window_from DESC, earner, window_to, event, release DESC, id DESC
     ) AS r
     LEFT JOIN (
       SELECT earner AS l_earner, window_from AS l_from, window_to AS l_to, event AS l_event, sum(amount) AS amount
       FROM ${quoteTable(schema, 'cw_ledger_entry')} WHERE plan = $1 ${mine} GROUP BY 1, 2, 3, 4
     ) AS l ON l_earner = earner AND l_from = window_from AND l_to = window_to AND l_event IS NOT DISTINCT FROM event
     WHERE l.amount <> 0 OR r.measures <> '{}'::jsonb
     ORDER BY window_from DESC, l.amount DESC NULLS LAST, earner LIMIT 100`,
    earner === undefined ? [plan] : [plan, earner],
  )
}

function describeWindow(plan: PlanDefinition, row: WindowRow): WindowEarnings {
  const measures = row.measures ?? {}
  return {
    earner: row.earner,
    from: row.window_from,
    to: row.window_to,
    event: row.event,
    amount: row.amount,
    measures,
    next: nextBand(plan, measures),
  }
}

function nextBand(plan: PlanDefinition, measures: Readonly<Record<string, string>>): NextBand | null {
  const { lookup, bound, unit, rows } = plan.bands
  // The one event of a per-event window will not grow.
  if (plan.window === 'event') return null
  const value = measures[lookup] ?? '0'
  const next =
    rows[
      hitRow(
        rows.map((row) => ({ id: row['x-id'], from: row.from, value: row.value })),
        value,
        bound,
      ) + 1
    ]
  if (next === undefined) return null
  return { measure: lookup, from: next.from, lacks: subtract(next.from, value), unit, value: next.value }
}
