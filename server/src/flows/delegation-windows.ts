import type { Delegation, DelegationList } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  delegationAmount,
  delegationCircle,
  delegationPerson,
  delegationTimes,
  delegationUnknown,
} from '@channelwright/runtime/errors/flow-service.ts'
import { isClosed } from '@channelwright/runtime/flow/run.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { endDelegationJob } from '../jobs/end-delegation.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import { putOff } from '../jobs/put-off.ts'
import { findStrangers, namePeople } from '../records/people.ts'
import type { Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { flowTable } from './run-store.ts'
import { tellRun } from './system-command.ts'
import { lookAgain } from './timers.ts'

interface WindowRow {
  readonly id: string
  readonly from_user: string
  readonly to_user: string
  readonly mode: Delegation['mode']
  readonly flows: readonly string[] | null
  readonly max_amount: string | null
  readonly amount_field: string | null
  readonly starts_at: string
  readonly ends_at: string
  readonly ended_at: string | null
}

export interface NewDelegation {
  readonly from: string
  readonly to: string
  readonly mode: Delegation['mode']
  readonly flows?: readonly string[] | null
  /** Records of a greater amount in that field stay with whom they would go to. */
  readonly max_amount?: string | null
  readonly amount_field?: string | null
  readonly starts_at: string
  readonly ends_at: string
}

const longest = 366 * 86_400_000

/** Windows of the person, and those by which they act for others; `all`: everybody's, for administrators. */
export async function listDelegations(unit: Unit, all: boolean): Promise<DelegationList> {
  const ask = () =>
    unit.query<WindowRow>(
      `SELECT id, from_user, to_user, mode, flows, max_amount, amount_field, starts_at, ends_at, ended_at
       FROM ${flowTable(unit, 'delegation')} ORDER BY ends_at DESC, id DESC LIMIT 500`,
    )
  const rows = await (all ? unit.asEngine(ask) : ask())
  const flows = [...unit.served.release.flows.values()].map(({ key, title, settings }) => ({
    key,
    title,
    has_amount: settings?.amount !== undefined,
  }))
  return { delegations: await describe(unit, rows), flows }
}

/** Makes a window; when it ends a job gives back what is still open. Refuses with the codes of `flow-service.ts`. */
export async function createDelegation(unit: Unit, given: NewDelegation): Promise<Delegation> {
  const { from, to, mode, flows = null, max_amount = null, amount_field = null } = given
  const [starts, ends] = [Date.parse(given.starts_at), Date.parse(given.ends_at)]
  if (!(ends > starts) || ends <= Date.parse(unit.now) || ends - starts > longest)
    throw new Refusal(delegationTimes)
  if (max_amount !== null && amount_field === null && !someSayAmount(unit, flows))
    throw new Refusal(delegationAmount)
  if (to === from || (await findStrangers(unit, [to])).length > 0) throw new Refusal(delegationPerson)
  const id = unit.services.ids.next()
  const times = [new Date(starts).toISOString(), new Date(ends).toISOString()] as const
  return unit.asEngine(async () => {
    // Two that hand their tasks to each other would hand them to nobody.
    const circle = await unit.query(
      `SELECT 1 FROM ${flowTable(unit, 'delegation')} WHERE from_user = $1 AND to_user = $2 AND ended_at IS NULL
         AND starts_at < $4 AND ends_at > $3`,
      [to, from, ...times],
    )
    if (circle.length > 0) throw new Refusal(delegationCircle)
    const rows = await unit.query<WindowRow>(
      `INSERT INTO ${flowTable(unit, 'delegation')}
         (id, from_user, to_user, flows, max_amount, amount_field, starts_at, ends_at, mode, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING *`,
      [
        id,
        from,
        to,
        flows && [...flows],
        max_amount,
        amount_field,
        ...times,
        mode,
        unit.actor.user,
        unit.now,
      ],
    )
    enqueueJob(unit, endDelegationJob, { delegation: id }, { key: id, runAt: times[1] })
    const [made] = await describe(unit, rows)
    if (made === undefined) throw new Error('a delegation was written and is not there')
    return made
  })
}

function someSayAmount({ served }: Unit, flows: readonly string[] | null): boolean {
  const known = served.release.flows
  const chosen = flows === null ? [...known.values()] : flows.map((key) => known.get(key))
  return chosen.some((flow) => flow?.settings?.amount !== undefined)
}

/** Ends a window now: one's own, or anybody's for administrators. Throws DELEGATION_UNKNOWN. */
export async function endDelegation(unit: Unit, id: string, admin: boolean): Promise<void> {
  await unit.asEngine(async () => {
    const rows = await unit.query(
      `UPDATE ${flowTable(unit, 'delegation')} SET ended_at = $2
       WHERE id = $1 AND ended_at IS NULL AND ($4 OR from_user = $3) RETURNING id`,
      [id, unit.now, unit.actor.user, admin],
    )
    if (rows.length === 0) throw new Refusal(delegationUnknown)
    enqueueJob(unit, endDelegationJob, { delegation: id }, { key: id })
  })
}

async function describe(unit: Unit, rows: readonly WindowRow[]): Promise<Delegation[]> {
  const names = await namePeople(unit, new Set(rows.flatMap((row) => [row.from_user, row.to_user])))
  const person = (id: string) => ({ id, name: names.get(id) ?? null })
  return rows.map((row) => ({
    id: row.id,
    from: person(row.from_user),
    to: person(row.to_user),
    mode: row.mode,
    flows: row.flows,
    max_amount: row.max_amount,
    starts_at: row.starts_at,
    ends_at: row.ends_at,
    ended_at: row.ended_at,
  }))
}

/** A window is over: what is still open by it goes back, one transaction per run. Delivered twice, nothing happens. */
export async function giveBack(services: Services, workspace: string, id: string): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  const engine = engineActor(services, served, nobody)
  const found = await inUnit(services, served, engine, async (unit) => {
    const [window] = await unit.query<WindowRow>(
      `SELECT * FROM ${flowTable(unit, 'delegation')} WHERE id = $1`,
      [id],
    )
    if (window === undefined) return null
    const over = window.ended_at !== null || Date.parse(window.ends_at) <= Date.parse(unit.now)
    if (!over) return window.ends_at
    return unit.query<{ run: string }>(
      `SELECT DISTINCT run FROM ${flowTable(unit, 'task')} WHERE delegation = $1 AND state IN ('pending', 'waiting')`,
      [id],
    )
  })
  if (found === null) return
  if (typeof found === 'string') {
    const when = { key: id, until: found, by: lookAgain }
    await putOff(services, workspace, endDelegationJob, { delegation: id }, when)
    return
  }
  for (const { run } of found) {
    await tellRun(services, workspace, { run }, (one) =>
      isClosed(one) ? null : { type: 'delegation_ended', delegation: id },
    )
    reachFailpoint('delegation.one-given-back')
  }
}
