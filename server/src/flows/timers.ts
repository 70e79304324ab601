import type { Advance } from '@channelwright/runtime/flow/command.ts'
import { type FlowRun, isClosed, type Timer } from '@channelwright/runtime/flow/run.ts'
import { pause } from '../db/failures.ts'
import type { Unit } from '../db/unit.ts'
import { dropJob, enqueueJob, enqueueJobNow } from '../jobs/enqueue.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import { fireTimerJob } from '../jobs/fire-timer.ts'
import { putOff } from '../jobs/put-off.ts'
import { quoteTable } from '../publish/quote.ts'
import type { Services } from '../services.ts'
import { tellRun } from './system-command.ts'

/** A timer whose moment is no further away than this is waited for; the clocks of two machines differ, in ms. */
const worthWaiting = 5_000
/** What is due by the database's clock and not by this server's is looked at again after so long, in ms. */
export const lookAgain = 10_000
/** How long after all tries failed a timer is tried again, in ms: nothing waits for ever unseen. */
const putOffBy = 10 * 60_000

/** Jobs for timers that run; those that are stopped, over or changed lose theirs. */
export function queueTimers(
  unit: Unit,
  { newTimers, changedTimers }: Extract<Advance, { kind: 'advanced' }>,
): void {
  const added = new Set(newTimers.map((timer) => timer.id))
  for (const timer of [...newTimers, ...changedTimers])
    if (timer.state === 'open' && timer.left === null)
      enqueueJob(unit, fireTimerJob, { timer: timer.id }, { key: timer.id, runAt: timer.dueAt })
    else if (!added.has(timer.id)) dropJob(unit, fireTimerJob, timer.id)
}

/**
 * The moment of a timer has come: the run is told, in one transaction that asks first whether the timer still runs.
 * Delivered twice, or late after a standstill, it fires once.
 */
export async function fireTimer(services: Services, workspace: string, id: string): Promise<void> {
  let early = 0
  let due = ''
  await tellRun(services, workspace, { timer: id }, (run, unit) => {
    reachFailpoint('timer.claimed')
    const timer = run.timers.find((one) => one.id === id)
    if (timer !== undefined && isOvertaken(run, timer, unit.now)) return { type: 'timer', timer: id }
    if (timer === undefined || timer.state !== 'open' || timer.left !== null || isClosed(run)) return null
    due = timer.dueAt
    early = Date.parse(due) - Date.parse(unit.now)
    return early > 0 ? null : { type: 'timer', timer: id }
  })
  reachFailpoint('timer.after-commit')
  if (early <= 0) return
  // A clock was set back, or is behind the database's.
  if (early <= worthWaiting && !services.clock.virtual) {
    await pause(early)
    return fireTimer(services, workspace, id)
  }
  await putOff(services, workspace, fireTimerJob, { timer: id }, { key: id, until: due, by: lookAgain })
}

/**
 * Its moment came, and somebody was faster: they held the run when its job asked for it. The run writes that down. One
 * that was stopped before has lost its job, one that a successor has taken over is not late.
 */
function isOvertaken(run: FlowRun, timer: Timer, now: string): boolean {
  if (timer.state !== 'cancelled' || timer.data.late === true) return false
  if (Date.parse(timer.dueAt) > Date.parse(now)) return false
  return !run.timers.some(
    ({ id, activation, kind, dueAt, state }) =>
      id !== timer.id &&
      activation === timer.activation &&
      kind === timer.kind &&
      dueAt === timer.dueAt &&
      state !== 'cancelled',
  )
}

/** What could not be told stays to be told. */
export async function putOffTimer(
  services: Services,
  workspace: string,
  id: string,
  error: unknown,
): Promise<void> {
  services.log.error({ err: error, workspace, timer: id }, 'A timer of a flow could not fire and is put off')
  await putOff(services, workspace, fireTimerJob, { timer: id }, { key: id, by: putOffBy })
}

/**
 * Timers whose time is long over get a job again: they lost theirs when a workspace was put back from a copy. Safe to
 * call at any time, for a job of the same key is the same job.
 */
export async function requeueTimers(services: Services): Promise<void> {
  const { rows: workspaces } = await services.owner.query<{ key: string; schema: string }>(
    `SELECT key, schema_name AS schema FROM channelwright.workspace WHERE tables_hash IS NOT NULL`,
  )
  const before = new Date(Date.parse(services.clock.now()) - 60_000).toISOString()
  for (const { key, schema } of workspaces) {
    const { rows } = await services.owner.query<{ id: string; due_at: string }>(
      `SELECT id, due_at FROM ${quoteTable(schema, 'cw_timer')}
       WHERE state = 'open' AND remaining IS NULL AND due_at < $1 ORDER BY due_at LIMIT 10000`,
      [before],
    )
    for (const { id, due_at: runAt } of rows)
      await enqueueJobNow(services, key, fireTimerJob, { timer: id }, { key: id, runAt })
  }
}
