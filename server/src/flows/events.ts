import { createHash } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowEventReused } from '@channelwright/runtime/errors/flow-starts.ts'
import { isClosed } from '@channelwright/runtime/flow/run.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { signalRunJob } from '../jobs/signal-run.ts'
import { tellEventJob } from '../jobs/tell-event.ts'
import type { Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { flowTable } from './run-store.ts'
import { tellRun } from './system-command.ts'

/** Something that has happened, told to cases that wait for it. */
export interface RaisedEvent {
  /** Of whoever raises it: the same id is the same event, however often it is raised. */
  readonly id: string
  readonly event: string
  /** Whose it is; null: all cases that wait for it hear it. */
  readonly records: readonly string[] | null
  readonly data: JsonObject
  /** Whose it is, in the words of whoever raises it: said again they are the same, whatever they find by then. */
  readonly about: Json
  /** Minutes for which a step hears it that begins to wait only then. */
  readonly keep: number
}

/** How long an event of a record is kept where nobody says otherwise, in minutes. */
export const usualKeep = 60
/** How long the id of an event is known after that, in days. */
const knownFor = 30
/** Steps that are told by one transaction. */
const pageSize = 500

/**
 * Writes an event down and has it told, in the unit's transaction; `repeated`: that was done before. Refuses with
 * FLOW_EVENT_REUSED what comes with the id of another one.
 */
export async function raiseEvent(
  unit: Unit,
  raised: RaisedEvent,
): Promise<{ readonly repeated: boolean; readonly records: readonly string[] | null }> {
  const { id, event, records, data, about, keep } = raised
  const digest = createHash('sha256')
    .update(JSON.stringify([event, about, data]))
    .digest('hex')
  return unit.asEngine(async () => {
    const table = flowTable(unit, 'flow_event')
    const until = new Date(Date.parse(unit.now) + keep * 60_000).toISOString()
    const made = await unit.query(
      `INSERT INTO ${table} (id, event, records, data, digest, by, at, keep_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, event, records, JSON.stringify(data), digest, unit.actor.user, unit.now, until],
    )
    if (made.length > 0) {
      // Told behind the commit: a step that begins to wait meanwhile finds the event, or is found by it.
      enqueueJob(unit, tellEventJob, { event: id }, { key: id })
      return { repeated: false, records }
    }
    const [known] = await unit.query<Pick<EventRow, 'records'> & { digest: string }>(
      `SELECT digest, records FROM ${table} WHERE id = $1`,
      [id],
    )
    if (known?.digest !== digest) throw new Refusal(flowEventReused, { id })
    return { repeated: true, records: known.records }
  })
}

interface EventRow {
  readonly id: string
  readonly event: string
  readonly records: readonly string[] | null
  readonly data: JsonObject
}

/** Every step that waits for the event now gets a job of its own. */
export async function tellEvent(services: Services, workspace: string, id: string): Promise<void> {
  for (let after = nobody; after !== ''; )
    after = await asEngine(services, workspace, async (unit) => {
      const [row] = await readEvents(unit, 'id = $1', [id])
      if (row === undefined) return ''
      const waiting = await unit.query<{ id: string; run: string }>(
        `SELECT id, run FROM ${flowTable(unit, 'activation')}
         WHERE status = 'active' AND state ? 'wait' AND state #>> '{wait,event}' = $1
           AND ($2::text[] IS NULL OR state #>> '{wait,record}' = ANY ($2)) AND id > $3
         ORDER BY id LIMIT ${pageSize}`,
        [row.event, row.records, after],
      )
      for (const { id: activation, run } of waiting)
        enqueueJob(
          unit,
          signalRunJob,
          { run, activation, name: row.event, event: id },
          { key: `${activation} ${id}` },
        )
      if (waiting.length === pageSize) return waiting.at(-1)!.id
      await unit.query(`DELETE FROM ${flowTable(unit, 'flow_event')} WHERE keep_until < $1`, [
        new Date(Date.parse(unit.now) - knownFor * 86_400_000).toISOString(),
      ])
      return ''
    })
}

/** One step hears one event, once, if it still waits. */
export async function tellStepOfEvent(
  services: Services,
  workspace: string,
  step: { readonly run: string; readonly activation: string; readonly event: string },
): Promise<void> {
  const [row] =
    (await asEngine(services, workspace, (unit) => readEvents(unit, 'id = $1', [step.event]))) ?? []
  if (row === undefined) return
  await tellRun(
    services,
    workspace,
    { run: step.run },
    (found) => {
      const waiting = found.activations.find(({ id }) => id === step.activation)
      if (isClosed(found) || waiting?.status !== 'active' || waiting.state.wait === undefined) return null
      return {
        type: 'signal',
        activation: step.activation,
        name: row.event,
        data: row.data,
        id: row.id,
      }
    },
    { once: `event ${row.id} ${step.activation}` },
  )
}

/**
 * A step that has just begun to wait hears the events of its record that were raised since its case began and are still
 * kept, the oldest first, but none that an earlier step of the case has gone on by.
 */
export async function hearKeptEvents(
  services: Services,
  workspace: string,
  { run, activation }: { readonly run: string; readonly activation: string },
): Promise<void> {
  const events = await asEngine(services, workspace, (unit) =>
    readEvents(
      unit,
      `keep_until > $3 AND (event, true) = (
         SELECT a.state #>> '{wait,event}', e.records @> ARRAY[(a.state #>> '{wait,record}')::uuid] AND e.at >= r.started_at
         FROM ${flowTable(unit, 'activation')} a JOIN ${flowTable(unit, 'run')} r ON r.id = a.run
         WHERE a.id = $2 AND a.status = 'active' AND a.state ? 'wait')
       AND NOT EXISTS (SELECT FROM ${flowTable(unit, 'activation')} a WHERE a.run = $1 AND a.state ->> 'heard' = e.id
           AND a.state ->> 'undone' IS DISTINCT FROM 'true')
       ORDER BY at, id LIMIT 100`,
      [run, activation, unit.now],
    ),
  )
  for (const { id } of events ?? [])
    await tellStepOfEvent(services, workspace, { run, activation, event: id })
}

function readEvents(unit: Unit, where: string, values: readonly unknown[]): Promise<EventRow[]> {
  return unit.query<EventRow>(
    `SELECT id, event, records, data FROM ${flowTable(unit, 'flow_event')} e WHERE ${where}`,
    values,
  )
}

/** Nothing where the workspace is gone. */
async function asEngine<T>(
  services: Services,
  workspace: string,
  work: (unit: Unit) => Promise<T>,
): Promise<T> {
  const served = await services.releases.current(workspace)
  if (served === undefined) throw new Error(`workspace ${workspace} has no release`)
  return inUnit(services, served, engineActor(services, served, nobody), work)
}
