import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { lastTime, nextTime, readCron } from '@channelwright/runtime/flow/triggers/cron.ts'
import type { PoolClient } from 'pg'
import { inUnit, type Unit } from '../db/unit.ts'
import { enqueueJob, enqueueJobWith } from '../jobs/enqueue.ts'
import { fireScheduleJob } from '../jobs/fire-schedule.ts'
import { startScheduledJob } from '../jobs/start-scheduled.ts'
import { uuidOf } from '../ports/ids.ts'
import { quoteTable } from '../publish/quote.ts'
import { compileCondition } from '../records/compile-filter.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { createRecord } from '../records/write-record.ts'
import type { ServedRelease, Services, Workspace } from '../services.ts'
import { isFinal } from './apply-effect.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { readyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'
import { findApplicant, startOnce } from './start-once.ts'
import { wasTold, writeTold } from './system-command.ts'
import { evaluateFields } from './take-message.ts'
import { describeFailure, messageAdministrators } from './tell-administrators.ts'

type Scheduled = FlowDefinition & {
  readonly trigger: Extract<FlowDefinition['trigger'], { readonly type: 'schedule' }>
}

function isScheduled(flow: FlowDefinition | undefined): flow is Scheduled {
  return flow?.trigger.type === 'schedule'
}

/** Records for which cases are begun by one delivery of a job. */
const pageSize = 100

/**
 * The times of a release that comes into force, in the transaction of the switch, as the owner. A schedule that stays
 * the same keeps its next time, so that nothing is left out by publishing; others begin from now. Safe to call again.
 */
export async function planSchedules(
  client: Pick<PoolClient, 'query'>,
  services: Pick<Services, 'clock'>,
  workspace: Workspace,
  release: Release,
  number: number,
): Promise<void> {
  const table = quoteTable(workspace.schema, 'cw_schedule')
  const now = services.clock.now()
  const flows = [...release.flows.values()].filter(isScheduled)
  // Jobs for times that are no longer planned find that out when they come.
  await client.query(`DELETE FROM ${table} WHERE flow <> ALL ($1::text[])`, [flows.map(({ key }) => key)])
  for (const { key, trigger } of flows) {
    const cron = readCron(trigger.cron)
    const next = cron && nextTime(cron, now, workspace.timeZone)
    if (next === null) continue
    const { rows } = await client.query<{ next_at: string }>(
      `INSERT INTO ${table} AS kept (flow, release, cron, next_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (flow) DO UPDATE SET release = excluded.release, cron = excluded.cron,
         next_at = CASE WHEN kept.cron = excluded.cron AND kept.next_at < excluded.next_at
           THEN kept.next_at ELSE excluded.next_at END
       RETURNING next_at`,
      [key, number, trigger.cron, next],
    )
    const at = new Date(rows[0]!.next_at).toISOString()
    await enqueueJobWith(
      client,
      services,
      workspace.key,
      fireScheduleJob,
      { flow: key, at },
      { key, runAt: at },
    )
  }
}

/** After a start: a workspace that was put back from a copy has lost its jobs. */
export async function replanSchedules(services: Services): Promise<void> {
  const { rows } = await services.owner.query<{ key: string }>(
    `SELECT key FROM channelwright.workspace WHERE tables_hash IS NOT NULL AND NOT scratch`,
  )
  for (const { key } of rows) await replanWorkspace(services, key)
}

/** The times of the release in force, reckoned from what is written down; `anew`: from now, whatever was missed. */
export async function replanWorkspace(services: Services, workspace: string, anew = false): Promise<void> {
  const served = await services.releases.current(workspace).catch((error: unknown) => {
    services.log.error({ err: error, workspace }, 'The schedules of a workspace could not be planned')
    return undefined
  })
  if (served === undefined) return
  const { release, number } = served
  if (anew) await services.owner.query(`DELETE FROM ${quoteTable(served.workspace.schema, 'cw_schedule')}`)
  if ([...release.flows.values()].some(isScheduled))
    await planSchedules(services.owner, services, served.workspace, release, number)
}

/**
 * The time of a schedule has come: cases are begun and the next time is planned, in one transaction that asks first
 * whether this is the time that is due. After a standstill the last time that was missed counts, once.
 */
export async function fireSchedule(
  services: Services,
  workspace: string,
  { flow: key, at }: { readonly flow: string; readonly at: string },
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const tick = await takeTick(unit, key, at)
    if (tick === null) return
    queuePage(unit, { flow: key, at: tick, after: nobody })
  })
}

/** Moves the schedule on; the time that counts, or null when there is nothing to do (yet). */
async function takeTick(unit: Unit, key: string, at: string): Promise<string | null> {
  const table = flowTable(unit, 'schedule')
  const [row] = await unit.query<{ release: number; cron: string; next_at: string }>(
    `SELECT release, cron, next_at FROM ${table} WHERE flow = $1 FOR UPDATE`,
    [key],
  )
  if (row === undefined || Date.parse(row.next_at) !== Date.parse(at)) return null
  if (row.release > unit.served.number) {
    unit.services.releases.forget(unit.served.workspace.key)
    throw new Error(`release ${row.release} has not been heard of yet`)
  }
  const cron = readCron(row.cron)
  if (cron === null) return null
  const { timeZone } = unit.served.workspace
  // A clock that was set back: the time has been planned and will come.
  const isEarly = Date.parse(unit.now) < Date.parse(at)
  const tick = isEarly ? null : (lastTime(cron, unit.now, timeZone) ?? at)
  const next = isEarly ? at : nextTime(cron, unit.now, timeZone)
  if (next === null) return tick
  if (tick !== null)
    await unit.query(`UPDATE ${table} SET next_at = $2, last_at = $3 WHERE flow = $1`, [key, next, tick])
  const runAt = new Date(next).toISOString()
  enqueueJob(unit, fireScheduleJob, { flow: key, at: runAt }, { key: `${key} ${runAt}`, runAt })
  return tick
}

async function tellAdmins(unit: Unit, flow: FlowDefinition, tick: string, error: unknown): Promise<void> {
  unit.services.log.warn({ err: error, flow: flow.key }, 'A scheduled flow could not begin')
  const at = tick.slice(0, 16).replace('T', ' ')
  const failure = describeFailure(error)
  await messageAdministrators(unit, {
    run: null,
    title: { en: `"${flow.title.en}" could not begin`, zh: `“${flow.title.zh}”未能启动` },
    text: {
      en: `It was to begin at ${at} (UTC): ${failure.en}`,
      zh: `计划时间 ${at}(UTC):${failure.zh}`,
    },
  })
}

interface Page {
  readonly flow: string
  readonly at: string
  /** Id of the record that was looked at last. */
  readonly after: string
}

function queuePage(unit: Unit, page: Page): void {
  enqueueJob(unit, startScheduledJob, page, { key: `${page.flow} ${page.at} ${page.after}` })
}

/**
 * Begins a case for each record of a page, each in a transaction of its own that asks first whether that was done for
 * this time; then has the next page done. Records that were made since the time came are left for the next one.
 */
export async function startScheduled(services: Services, workspace: string, page: Page): Promise<void> {
  const served = await services.releases.current(workspace)
  const flow = served?.release.flows.get(page.flow)
  if (served === undefined || !isScheduled(flow)) return
  const actor = engineActor(services, served, nobody)
  if (flow.trigger.create !== undefined) {
    const rules = flow.trigger.create
    await beginNew(services, served, flow, rules, page.at).catch((error: unknown) => {
      if (!isFinal(error)) throw error
      return inUnit(services, served, actor, (unit) => tellAdmins(unit, flow, page.at, error))
    })
    return
  }
  const ids = await inUnit(services, served, actor, (unit) => findRecords(unit, flow, page))
  for (const id of ids)
    await startFor(services, served, flow, page.at, id).catch((error: unknown) => {
      if (!isFinal(error)) throw error
      services.log.warn({ err: error, workspace, flow: flow.key }, 'A scheduled case could not begin')
    })
  const last = ids.at(-1)
  if (last !== undefined && ids.length === pageSize)
    await inUnit(services, served, actor, async (unit) => queuePage(unit, { ...page, after: last }))
}

/** One case about a new record; what the object refuses is told to those who administer flows. */
function beginNew(
  services: Services,
  served: ServedRelease,
  flow: Scheduled,
  rules: Readonly<Record<string, unknown>>,
  tick: string,
): Promise<void> {
  return inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const once = uuidOf(`${flow.key} ${new Date(tick).toISOString()}`)
    if (await wasTold(unit, once)) return
    const ready = readyFlow(served, flow.key)
    const values = await evaluateFields(unit, ready, rules, {})
    const { id, after } = await unit.causedBy({ kind: 'flow', key: flow.key }, () =>
      createRecord(unit, flow.object, values, { by: 'flow' }),
    )
    const record = { ...after, id }
    const applicant = await findApplicant(unit, flow.object, record, flow.trigger.applicant)
    const { run } = await startOnce(unit, ready, record, applicant, null)
    await writeTold(unit, once, run)
  })
}

async function findRecords(unit: Unit, { object, trigger }: Scheduled, page: Page): Promise<string[]> {
  const table = tableOf(unit.served, object)
  const values: unknown[] = [page.after, page.at]
  const condition = compileCondition(unit, table, trigger.records, values)
  const rows = await unit.query<{ id: string }>(
    `SELECT t.id FROM ${table.from} t
     WHERE t.id > $1 AND t.created_at <= $2 AND t.deleted_at IS NULL AND ${condition} ORDER BY t.id LIMIT ${pageSize}`,
    values,
  )
  return rows.map((row) => row.id)
}

function startFor(
  services: Services,
  served: ServedRelease,
  flow: Scheduled,
  tick: string,
  id: string,
): Promise<void> {
  return inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const once = uuidOf(`${flow.key} ${id} ${new Date(tick).toISOString()}`)
    if (await wasTold(unit, once)) return
    const record = { ...(await loadWhole(unit, tableOf(served, flow.object), id, 'flow')), id }
    const applicant = await findApplicant(unit, flow.object, record, flow.trigger.applicant)
    const { run } = await startOnce(unit, readyFlow(served, flow.key), record, applicant, null)
    await writeTold(unit, once, run)
  })
}
