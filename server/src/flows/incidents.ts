import { isStuck } from '@channelwright/runtime/flow/incident.ts'
import type { FlowEvent, FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { mayDo } from '../access/platform-rights.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { putOff } from '../jobs/put-off.ts'
import { tellIncidentsJob } from '../jobs/tell-incidents.ts'
import { writePrepared } from '../records/run-prepared.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import type { NewNotification } from './notifications.ts'
import { flowTable, perWorkspace } from './run-store.ts'
import { tellAdministrators } from './tell-administrators.ts'

// Cases that can't go on by themselves are told to those who administer flows: a system that is down for an hour stops
// hundreds of them, and nobody reads as many e-mails. They are gathered, and told again only after a while.

/** How long is waited for more of them before the first is told, in ms. */
const gatherFor = 10_000
/** Between two times of telling, in ms. */
export const quietFor = 10 * 60_000
/** So many are told one by one, each with its case; more are told as a number. */
const mostSingly = 3

const insertLeftText = perWorkspace(
  (table) => `INSERT INTO ${table('untold_incident')} AS u (activation, run, at, failures)
   SELECT (one->>'activation')::uuid, $2::uuid, $3::timestamptz, one->'failures' FROM jsonb_array_elements($1::jsonb) one
   ON CONFLICT (activation) DO UPDATE SET failures = u.failures || excluded.failures`,
)

const insertUntoldText = perWorkspace(
  (table) => `INSERT INTO ${table('untold_incident')} (activation, run, at)
   SELECT unnest($1::uuid[]), $2::uuid, $3::timestamptz ON CONFLICT (activation) DO NOTHING`,
)

/** Whether a case has begun to be stuck, or has stopped to be: those who administer flows see how many are. */
export function changesStuck(before: FlowRun | null, run: FlowRun): boolean {
  return (before !== null && isStuck(before)) !== isStuck(run)
}

/** Writes down the steps that a command has stopped, in its transaction. As the engine. */
export async function noteIncidents(unit: Unit, before: FlowRun | null, run: FlowRun): Promise<void> {
  const was = new Map(before?.activations.map((step) => [step.id, step.incident]))
  const stopped = run.activations.filter(({ id, incident }) => incident !== null && !was.get(id))
  if (stopped.length === 0) return
  enqueueJob(unit, tellIncidentsJob, {}, { key: 'all', gatherFor })
  await writePrepared(unit, insertUntoldText(unit), [stopped.map(({ id }) => id), run.id, unit.now])
}

/** Effects that failed and were left, told like steps that have stopped. As the engine. */
export async function noteLeft(unit: Unit, { id }: FlowRun, events: readonly FlowEvent[]): Promise<void> {
  const left = new Map<string, JsonObject[]>()
  for (const { type, data } of events) {
    if (type !== 'effect_left') continue
    const { key, effect = null, reason = null } = data
    const activation = String(key).split(':')[1] ?? ''
    left.set(activation, [...(left.get(activation) ?? []), { effect, reason }])
  }
  if (left.size === 0) return
  enqueueJob(unit, tellIncidentsJob, {}, { key: 'all', gatherFor })
  const rows = [...left].map(([activation, failures]) => ({ activation, failures }))
  await writePrepared(unit, insertLeftText(unit), [JSON.stringify(rows), id, unit.now])
}

interface Untold {
  readonly run: string
  readonly node: string
  /** Whether it still stands. */
  readonly open: boolean
  /** What failed and was left: the step need not stand still. */
  readonly failures: readonly JsonObject[]
}

/** Tells those who administer flows what has stopped since they were last told; nothing while that is not long ago. */
export async function tellIncidents(services: Services, workspace: string): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  const until = await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const quiet = await quietUntil(unit)
    if (quiet !== null) return quiet
    const untold = await unit.query<Untold>(
      `WITH taken AS (DELETE FROM ${flowTable(unit, 'untold_incident')} RETURNING activation, run, at, failures)
       SELECT t.run, a.node, t.failures, a.incident IS NOT NULL AS open FROM taken t
       JOIN ${flowTable(unit, 'activation')} a ON a.id = t.activation ORDER BY t.at, t.activation`,
    )
    await tellStopped(unit, untold)
    return null
  })
  if (until !== null)
    await putOff(services, workspace, tellIncidentsJob, {}, { key: until, by: 1_000, until })
}

async function quietUntil(unit: Unit): Promise<string | null> {
  const [last] = await unit.query<{ at: string }>(
    `SELECT at FROM ${flowTable(unit, 'notification')} WHERE kind = 'incident' ORDER BY at DESC LIMIT 1`,
  )
  const until = last === undefined ? 0 : Date.parse(last.at) + quietFor
  return until > Date.parse(unit.now) ? new Date(until).toISOString() : null
}

async function tellStopped(unit: Unit, untold: readonly Untold[]): Promise<void> {
  // What was mended meanwhile is nobody's trouble any more.
  const stopped = untold.filter(({ open }) => open)
  const left = untold.flatMap(({ run, node, failures }) =>
    failures.map((failure) => ({ run, node, failure })),
  )
  const notes = [
    ...tellEach(stopped, ({ node }) => ({ node }), {}),
    ...tellEach(left, ({ node, failure }) => ({ node, left: failure }), { left: {} }),
  ]
  if (notes.length > 0) await tellAdministrators(unit, notes)
}

/** Each with its case; many as a number of cases. */
function tellEach<T extends { readonly run: string }>(
  untold: readonly T[],
  say: (one: T) => JsonObject,
  many: JsonObject,
): readonly Omit<NewNotification, 'recipient'>[] {
  const kind = 'incident'
  return untold.length > mostSingly
    ? [{ kind, run: null, data: { count: new Set(untold.map(({ run }) => run)).size, ...many } }]
    : untold.map((one) => ({ kind, run: one.run, data: say(one) }))
}

/** SQL: how many cases are stuck, for whoever administers flows; for all others none, whatever they may see. */
export function stuckCount(unit: Unit): string {
  return administersFlows(unit.served, unit.actor)
    ? `(SELECT count(*)::integer FROM ${flowTable(unit, 'run')} WHERE stuck)`
    : '0'
}

export function administersFlows(served: ServedRelease, { roles }: Actor): boolean {
  return mayDo(served.release, roles, 'administer_flows')
}
