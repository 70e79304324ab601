import { inputsSql, type PlanStage, stagesSql } from '@channelwright/runtime/incentives/stages.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { runPrepared } from '../records/run-prepared.ts'
import { compilePlan } from './compile-plan.ts'
import { type PlanVersion, planOf, readPlanVersions } from './plan-version.ts'

export interface RunPlanOptions {
  /** Computed and compared, nothing posted. */
  readonly simulate?: boolean
  /** ISO date: windows from the one that begins on or after it are brought to the plan as it stands now. */
  readonly recomputeFrom?: string
  /** Only what became due for this organisation. */
  readonly dueOf?: string
  /** Null: the system. */
  readonly startedBy: string | null
}

export interface PlanRun {
  readonly run: string
  readonly plan: string
  /** The release whose wording is in force. */
  readonly release: number
  readonly simulate: boolean
  readonly windows: number
  readonly entries: number
  readonly posted: string
  /** The largest first, at most 20. */
  readonly changes: readonly WindowChange[]
}

export interface WindowChange {
  readonly earner: string
  readonly window_from: string
  readonly window_to: string
  readonly event: string | null
  readonly amount: string
  readonly delta: string
}

interface Due {
  readonly earners: readonly string[]
  readonly days: readonly string[]
  readonly events: readonly string[]
}

const reasons = { accrual: 'accrual', change: 'change', recompute: 'recompute' } as const

/**
 * Computes a plan and posts the difference to what is posted already, so that running it twice posts nothing twice.
 * In one transaction with the unit, as the engine. Null: nothing had become due.
 */
export function runPlan(unit: Unit, key: string, options: RunPlanOptions): Promise<PlanRun | null> {
  return unit.asEngine(async () => {
    planOf(unit.served, key)
    await lockPlan(unit, key, options.dueOf)
    const due = options.simulate ? undefined : await takeDue(unit, key, options.dueOf)
    if (options.dueOf !== undefined && (due === undefined || due.earners.length === 0)) return null
    const versions = await readPlanVersions(unit, key)
    const current = versions.at(-1)
    if (current === undefined) throw new Error(`plan ${key} has no version`)
    const run = unit.services.ids.next()
    await insertRun(unit, run, current, options)
    const parts: VersionOutcome[] = []
    for (const version of versions) {
      parts.push(
        await runVersion(unit, run, version, current, options, options.dueOf === undefined ? undefined : due),
      )
    }
    return finishRun(unit, run, current, options, parts)
  })
}

/**
 * Makes what became due for an organisation this transaction's to compute; false where another is at it, which may
 * have begun too early to see all of it.
 */
export async function claimPlan(unit: Unit, key: string, earner: string): Promise<boolean> {
  const [row] = await unit.query<{ mine: boolean }>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine',
    [`${lockOf(unit, key)}:${earner}`],
  )
  return row?.mine === true
}

function lockOf(unit: Unit, key: string): string {
  return `${unit.served.workspace.schema}:plan:${key}`
}

/** Runs of one plan wait for each other; those of single organisations only for runs over all and of their own. */
async function lockPlan(unit: Unit, key: string, earner: string | undefined): Promise<void> {
  const name = lockOf(unit, key)
  if (earner === undefined) {
    await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name])
    return
  }
  await unit.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [name])
  await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${name}:${earner}`])
}

async function takeDue(unit: Unit, key: string, earner: string | undefined): Promise<Due> {
  const rows = await unit.query<{ earner: string; day: string; event: string }>(
    `DELETE FROM ${quoteTable(unit.served.workspace.schema, 'cw_plan_dirty')}
     WHERE plan = $1 ${earner === undefined ? '' : 'AND earner = $2'} RETURNING earner, day::text, event`,
    earner === undefined ? [key] : [key, earner],
  )
  return {
    earners: rows.map((r) => r.earner),
    days: rows.map((r) => r.day),
    events: rows.map((r) => r.event),
  }
}

async function insertRun(
  unit: Unit,
  run: string,
  current: PlanVersion,
  options: RunPlanOptions,
): Promise<void> {
  const { recomputeFrom = null, dueOf = null } = options
  await unit.query(
    `INSERT INTO ${quoteTable(unit.served.workspace.schema, 'cw_plan_run')}
       (id, plan, release, watermark, parameters, simulate, started_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      run,
      current.plan.key,
      current.release,
      unit.now,
      JSON.stringify({ recompute_from: recomputeFrom, earner: dueOf }),
      options.simulate ?? false,
      options.startedBy,
    ],
  )
}

interface VersionOutcome {
  readonly windows: number
  readonly entries: number
  readonly posted: string
  readonly changes: readonly WindowChange[]
}

interface SummaryRow extends Omit<VersionOutcome, 'changes'> {
  readonly changes: readonly WindowChange[] | null
}

/** One version: its stages, and what is kept of them, as one statement. */
async function runVersion(
  unit: Unit,
  run: string,
  version: PlanVersion,
  current: PlanVersion,
  options: RunPlanOptions,
  due: Due | undefined,
): Promise<VersionOutcome> {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const isCurrent = version.release === current.release
  const stages = compilePlan(version, {
    current: current.release,
    values,
    ...(due ? { due } : {}),
    ...(options.recomputeFrom === undefined ? {} : { recomputeFrom: options.recomputeFrom }),
  })
  const text = writeSql(unit, run, version, stages, { ...options, isCurrent, all: due === undefined }, bind)
  // Sorting the events of a million records in the few megabytes that a request has would go through the disk.
  if (due === undefined) await unit.query(`SELECT set_config('work_mem', '64MB', true)`)
  // For one organisation it is the same statement again and again, and takes as long to plan as to run.
  const [row] = await (due === undefined
    ? unit.query<SummaryRow>(text, values)
    : runPrepared<SummaryRow>(unit, text, values))
  if (row === undefined) throw new Error('a plan run gave no summary')
  return { ...row, changes: row.changes ?? [] }
}

function writeSql(
  unit: Unit,
  run: string,
  version: PlanVersion,
  stages: readonly PlanStage[],
  options: RunPlanOptions & { isCurrent: boolean; all: boolean },
  bind: (value: unknown) => string,
): string {
  const { schema } = unit.served.workspace
  const results = quoteTable(schema, 'cw_result')
  const ledger = quoteTable(schema, 'cw_ledger_entry')
  const pins = quoteTable(schema, 'cw_plan_event')
  const simulate = options.simulate ?? false
  const [runId, plan, release] = [bind(run), bind(version.plan.key), bind(version.release)]
  // A run over everything keeps only the windows that it changed or that nobody kept before.
  const known = `EXISTS (SELECT 1 FROM ${results} AS r WHERE r.plan = ${plan} AND r.release = ${release}::integer
    AND r.earner = dl.earner AND r.window_from = dl.window_from AND r.event IS NOT DISTINCT FROM dl.event
    AND NOT r.simulate AND r.measures = dl.measures)`
  const kept = options.all ? `WHERE dl.delta <> 0 ${simulate ? '' : `OR NOT ${known}`}` : ''
  const changed = options.recomputeFrom === undefined ? reasons.change : reasons.recompute
  const written = [
    `kept AS (INSERT INTO ${results} (run, simulate, plan, release, earner, window_from, window_to, event, measures,
        before_measures, gate, band, base, amount, delta, events, inputs)
      SELECT ${runId}::uuid, ${simulate}, ${plan}, ${release}::integer, k.earner, k.window_from, k.window_to, k.event,
        k.measures, k.before_measures, k.gate, k.band, k.base, k.amount, k.delta, k.events, k.inputs
      FROM (${inputsSql(`SELECT dl.* FROM dl ${kept}`, { plan: version.plan, release: version.release, bind })}) AS k
      RETURNING id, earner, window_from, window_to, event, amount, delta)`,
  ]
  if (!simulate) {
    const seen = `EXISTS (SELECT 1 FROM ${ledger} AS l WHERE l.plan = ${plan} AND l.earner = kept.earner
      AND l.window_from = kept.window_from AND l.window_to = kept.window_to AND l.event IS NOT DISTINCT FROM kept.event)`
    written.push(
      `posting AS (INSERT INTO ${ledger} (id, plan, release, earner, window_from, window_to, event, posted_at, kind,
          amount, currency, run, result, reason)
        SELECT gen_random_uuid(), ${plan}, ${release}::integer, kept.earner, kept.window_from, kept.window_to, kept.event,
          ${bind(unit.now)}::timestamptz, CASE WHEN ${seen} THEN 'adjust' ELSE 'accrual' END, kept.delta,
          ${bind(version.plan.currency)}, ${runId}::uuid, kept.id,
          CASE WHEN ${seen} THEN ${bind(changed)} ELSE ${bind(reasons.accrual)} END
        FROM kept WHERE kept.delta <> 0)`,
    )
    if (options.isCurrent) {
      written.push(
        `pinning AS (INSERT INTO ${pins} (plan, event, release)
          SELECT ${plan}, event, release FROM ev
          WHERE release = ${release}::integer AND pin IS DISTINCT FROM release
          ON CONFLICT (plan, event) DO UPDATE SET release = excluded.release
          WHERE ${pins.split('.').at(-1)}.release <> excluded.release)`,
      )
    }
  }
  return `${stagesSql(stages)},\n${written.join(',\n')}
    SELECT (SELECT count(*)::integer FROM dl) AS windows,
      count(*) FILTER (WHERE delta <> 0)::integer AS entries, coalesce(sum(delta), 0)::text AS posted,
      (SELECT jsonb_agg(c) FROM (
        SELECT earner, window_from, window_to, event, amount::text, delta::text FROM kept
        WHERE delta <> 0 ORDER BY abs(delta) DESC, earner, window_from LIMIT 20) AS c) AS changes
    FROM kept`
}

async function finishRun(
  unit: Unit,
  run: string,
  current: PlanVersion,
  options: RunPlanOptions,
  parts: readonly VersionOutcome[],
): Promise<PlanRun> {
  const windows = parts.reduce((most, part) => Math.max(most, part.windows), 0)
  const entries = parts.reduce((all, part) => all + part.entries, 0)
  const [row] = await unit.query<{ posted: string }>(
    `UPDATE ${quoteTable(unit.served.workspace.schema, 'cw_plan_run')}
     SET windows = $2, entries = $3, posted = (SELECT sum(x) FROM unnest($4::numeric[]) AS part (x))
     WHERE id = $1 RETURNING posted::text`,
    [run, windows, entries, parts.map((part) => part.posted)],
  )
  const changes = parts
    .flatMap((part) => part.changes)
    .sort((a, b) => Math.abs(Number(b.delta)) - Math.abs(Number(a.delta)))
    .slice(0, 20)
  return {
    run,
    plan: current.plan.key,
    release: current.release,
    simulate: options.simulate ?? false,
    windows,
    entries,
    posted: row?.posted ?? '0',
    changes,
  }
}
