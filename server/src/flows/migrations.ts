import type {
  MigrationBody,
  MigrationOutcome,
  MigrationReply,
  MigrationReport,
} from '@channelwright/runtime/api/migrations.ts'
import { migrationOutcomes } from '@channelwright/runtime/api/migrations.ts'
import { codes } from '@channelwright/runtime/errors/codes.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowMigrationReason, flowMigrationUnknown } from '@channelwright/runtime/errors/flow-service.ts'
import { serverFailed } from '@channelwright/runtime/errors/http.ts'
import type { NodeMapping } from '@channelwright/runtime/flow/migration.ts'
import { openStatuses } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { formatText, type Locale } from '@channelwright/runtime/text.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { migrateRunsJob } from '../jobs/migrate-runs.ts'
import { namePeople } from '../records/people.ts'
import type { Services } from '../services.ts'
import { engineActor } from './engine-actor.ts'
import { readyFlow, servedToMoveTo } from './flow-data.ts'
import { type MigrationWish, migrateRun, previewMigration } from './migrate-run.ts'
import { recordTitles } from './record-titles.ts'
import { flowTable, readRun } from './run-store.ts'

interface MigrationRow {
  readonly id: string
  readonly flow: string
  readonly release: number
  readonly how: 'move' | 'restart'
  readonly people: 'keep' | 'resolve'
  readonly mapping: NodeMapping
  readonly reason: string | null
  readonly dry: boolean
  readonly by: string
  readonly started_at: string
  readonly ended_at: string | null
}

/** Why a case was not moved, as it is stored. */
interface Problem {
  readonly code: string
  readonly values: JsonObject
}

/**
 * Writes down which cases shall be moved, or looked at, and leaves the rest to a job. Answers with its id. Throws
 * FLOW_MIGRATE_OLD, FLOW_RELEASE_UNKNOWN, FLOW_MIGRATION_REASON.
 */
export async function startMigration(unit: Unit, wish: MigrationBody): Promise<string> {
  const { flow, how, dry, mapping = {}, people = 'keep', release = unit.served.number } = wish
  const reason = wish.reason?.trim() || null
  if (!dry && reason === null) throw new Refusal(flowMigrationReason)
  await servedToMoveTo(unit, flow, release)
  const id = unit.services.ids.next()
  await unit.asEngine(async () => {
    await unit.query(
      `INSERT INTO ${flowTable(unit, 'migration')}
         (id, flow, release, how, people, mapping, reason, dry, by, started_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [id, flow, release, how, people, JSON.stringify(mapping), reason, dry, unit.actor.user, unit.now],
    )
    // Cases that are named and have ended, or are there already, are told so by themselves.
    await unit.query(
      `INSERT INTO ${flowTable(unit, 'migration_run')} (migration, seq, run, from_release, outcome)
       SELECT $1, row_number() OVER (ORDER BY started_at, id), id, release, 'waiting' FROM ${flowTable(unit, 'run')}
       WHERE flow = $2 AND ($3::integer IS NULL OR release = $3) AND CASE WHEN $4::uuid[] IS NULL
         THEN release <> $5 AND status = ANY ($6) ELSE id = ANY ($4) END`,
      [id, flow, wish.from ?? null, wish.runs ?? null, release, [...openStatuses]],
    )
    enqueueJob(unit, migrateRunsJob, { migration: id }, { key: id })
  })
  return id
}

/**
 * Goes through the cases of a migration that nothing has become of yet. Taken up again after a crash it goes on where
 * it was; run twice at a time, each case is still moved once.
 */
export async function workMigration(
  services: Services,
  workspace: string,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  const asEngine = <T>(by: string, work: (unit: Unit) => Promise<T>) =>
    inUnit(services, served, engineActor(services, served, by), work)
  const migration = await asEngine(nobodyYet, (unit) => findMigration(unit, id))
  if (migration === undefined) return
  for (;;) {
    if (signal?.aborted) throw new Error('The server is being stopped; the rest is taken up again')
    const next = await asEngine(migration.by, async (unit) => {
      const [row] = await unit.query<{ seq: number; run: string }>(
        `SELECT seq, run FROM ${flowTable(unit, 'migration_run')}
         WHERE migration = $1 AND outcome = 'waiting' ORDER BY seq LIMIT 1`,
        [id],
      )
      return row
    })
    if (next === undefined) break
    try {
      await asEngine(migration.by, (unit) => workOn(unit, migration, next))
    } catch (error) {
      if (error instanceof Refusal && error.definition.status >= 500) throw error
      const isKnown = error instanceof Refusal
      if (!isKnown) services.log.error({ err: error, workspace, run: next.run }, 'A case could not be moved')
      const problem: Problem = isKnown
        ? { code: error.code, values: error.values as JsonObject }
        : { code: serverFailed.code, values: {} }
      await asEngine(migration.by, (unit) =>
        settle(unit, id, next.seq, isKnown ? 'refused' : 'failed', problem, null),
      )
    }
  }
  await asEngine(migration.by, (unit) =>
    unit.query(
      `UPDATE ${flowTable(unit, 'migration')} SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`,
      [id, unit.now],
    ),
  )
}

const nobodyYet = '00000000-0000-0000-0000-000000000000'

async function workOn(
  unit: Unit,
  { id, dry, how, release, people, mapping, reason, by }: MigrationRow,
  { seq, run: which }: { readonly seq: number; readonly run: string },
): Promise<void> {
  // The run first, as every command does; who comes second finds what the first has made of it.
  const run = await readRun(unit, which, dry ? 'look' : 'lock')
  const [row] = await unit.query<{ outcome: MigrationOutcome }>(
    `SELECT outcome FROM ${flowTable(unit, 'migration_run')} WHERE migration = $1 AND seq = $2 FOR UPDATE`,
    [id, seq],
  )
  if (run === undefined || row?.outcome !== 'waiting') return
  const wish: MigrationWish = { how, release, people, mapping, reason: reason ?? '—', by }
  const report = dry ? await previewMigration(unit, run, wish) : await migrateRun(unit, run, wish)
  const outcome = dry
    ? how === 'move'
      ? 'would_move'
      : 'would_restart'
    : how === 'move'
      ? 'moved'
      : 'restarted'
  await settle(unit, id, seq, outcome, null, dry ? { ...report, next: null } : report)
}

async function settle(
  unit: Unit,
  id: string,
  seq: number,
  outcome: MigrationOutcome,
  problem: Problem | null,
  report: MigrationReport | null,
): Promise<void> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  await unit.asEngine(() =>
    unit.query(
      `UPDATE ${flowTable(unit, 'migration_run')} SET outcome = $3, problem = $4, report = $5
       WHERE migration = $1 AND seq = $2 AND outcome = 'waiting'`,
      [id, seq, outcome, json(problem), json(report)],
    ),
  )
}

async function findMigration(unit: Unit, id: string): Promise<MigrationRow | undefined> {
  const [row] = await unit.query<MigrationRow>(
    `SELECT * FROM ${flowTable(unit, 'migration')} WHERE id = $1`,
    [id],
  )
  return row
}

export interface MigrationQuery {
  readonly outcome?: MigrationOutcome
  readonly limit?: number
  readonly cursor?: string
}

interface LineRow {
  readonly seq: number
  readonly run: string
  readonly from_release: number
  readonly outcome: MigrationOutcome
  readonly problem: Problem | null
  readonly report: MigrationReport | null
  readonly object: string
  readonly record: string
  readonly applicant: string
}

/** How far a migration is, and what became of its cases, or would. Throws FLOW_MIGRATION_UNKNOWN. */
export async function readMigration(
  unit: Unit,
  locale: Locale,
  id: string,
  { outcome, limit = 50, cursor }: MigrationQuery = {},
): Promise<MigrationReply> {
  const [migration, sums, rows] = await unit.asEngine(() =>
    Promise.all([
      findMigration(unit, id),
      unit.query<{ outcome: MigrationOutcome; count: number }>(
        `SELECT outcome, count(*)::integer AS count FROM ${flowTable(unit, 'migration_run')}
         WHERE migration = $1 GROUP BY outcome`,
        [id],
      ),
      unit.query<LineRow>(
        `SELECT m.*, r.object, r.record, r.applicant FROM ${flowTable(unit, 'migration_run')} m
         JOIN ${flowTable(unit, 'run')} r ON r.id = m.run
         WHERE migration = $1 AND seq > $2 AND ($3::text IS NULL OR m.outcome = $3) ORDER BY seq LIMIT ${limit + 1}`,
        [id, /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0, outcome ?? null],
      ),
    ]),
  )
  if (migration === undefined) throw new Refusal(flowMigrationUnknown)
  const page = rows.slice(0, limit)
  const people = [
    migration.by,
    ...page.flatMap(({ applicant, report }) => [
      applicant,
      ...(report?.tasks ?? []).map((task) => task.person),
    ]),
  ]
  const titles = await recordTitles(unit, page)
  const names = await namePeople(unit, new Set(people))
  const person = (user: string) => ({ id: user, name: names.get(user) ?? null })
  const served = await unit.services.releases.at(unit.served.workspace.key, migration.release)
  const { flow, release, how, dry, reason, by, started_at, ended_at } = migration
  return {
    id,
    flow: { key: flow, title: readyFlow(served, flow).flow.title },
    release,
    how,
    people: migration.people,
    dry,
    reason,
    by: person(by),
    started_at,
    ended_at,
    counts: Object.fromEntries(
      migrationOutcomes.map((one) => [one, sums.find((sum) => sum.outcome === one)?.count ?? 0]),
    ) as Record<MigrationOutcome, number>,
    runs: page.map((row) => ({
      run: row.run,
      title: titles.get(row.record) ?? null,
      applicant: person(row.applicant),
      from: row.from_release,
      outcome: row.outcome,
      problem: row.problem && describeProblem(row.problem, locale),
      report: row.report && {
        ...row.report,
        tasks: row.report.tasks.map((task) => ({ ...task, person: person(task.person) })),
      },
    })),
    next: rows.length > limit ? String(page.at(-1)?.seq) : null,
  }
}

function describeProblem(
  { code, values }: Problem,
  locale: Locale,
): MigrationReply['runs'][number]['problem'] {
  const known = codes.find((one) => one.code === code) ?? serverFailed
  return {
    code,
    message: formatText(known.message, locale, values),
    hint: formatText(known.hint, locale, values),
  }
}
