import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { PoolClient } from 'pg'
import type { Static, TSchema } from 'typebox'
import type { Unit } from '../db/unit.ts'
import type { Services } from '../services.ts'
import { defaultMaxAttempts, type JobType, virtualFlag } from './job.ts'
import { type JobOrder, orderStatement, wakeForOrders } from './order-jobs.ts'

export interface EnqueueOptions {
  /** A job with the same key that has not begun yet is replaced: many changes, one run. Unique per workspace. */
  readonly key?: string
  /** Not before this instant (ISO 8601, by the clock of the services). Default: at once. */
  readonly runAt?: string
  /**
   * Not before so many ms have passed since the first of those with this key was ordered: what comes in a burst is
   * worked off at once. Under a virtual clock nothing comes in bursts.
   */
  readonly gatherFor?: number
  /** Smaller runs first. Default 0. */
  readonly priority?: number
}

/** Adds a job in the transaction of the unit: it exists if and only if the transaction commits. */
export function enqueueJob<N extends string, P extends TSchema>(
  unit: Unit,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions = {},
): void {
  unit.orderJob(makeOrder(unit.services, unit.served.workspace.key, job, payload, options))
}

/** The same outside a unit, as the owner, in a transaction of its own; `workspace` null: for the installation. */
export async function enqueueJobNow<N extends string, P extends TSchema>(
  services: Services,
  workspace: string | null,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions = {},
): Promise<void> {
  const orders = [makeOrder(services, workspace, job, payload, options)]
  await services.owner.query(orderStatement(orders))
  wakeForOrders(services, orders)
}

/**
 * The same in the transaction of an owner's connection: it exists if and only if that one commits. Workers find it at
 * their next look.
 */
export async function enqueueJobWith<N extends string, P extends TSchema>(
  client: Pick<PoolClient, 'query'>,
  services: Pick<Services, 'clock'>,
  workspace: string,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions = {},
): Promise<void> {
  await client.query(orderStatement([makeOrder(services, workspace, job, payload, options)]))
}

/** Takes back the job of that key, in the transaction of the unit; one that runs already is not stopped. */
export function dropJob(unit: Unit, job: Pick<JobType, 'name'>, key: string): void {
  unit.orderJob({ key: keyOf(unit.served.workspace.key, job, key) })
}

function keyOf(workspace: string | null, job: Pick<JobType, 'name'>, key: string): string {
  return `${workspace ?? ''}:${job.name}:${key}`
}

function makeOrder<N extends string, P extends TSchema>(
  services: Pick<Services, 'clock'>,
  workspace: string | null,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions,
): JobOrder {
  const { clock } = services
  const gathered =
    options.gatherFor === undefined || clock.virtual
      ? null
      : new Date(Date.parse(clock.now()) + options.gatherFor).toISOString()
  return {
    job: job.name,
    payload: { workspace, payload: payload as JsonObject },
    key: options.key === undefined ? null : keyOf(workspace, job, options.key),
    // Under a virtual clock the time is kept in that clock's, and "at once" is its now, not the database's.
    run_at: options.runAt ?? (clock.virtual ? clock.now() : gathered),
    ...(gathered === null ? {} : { patient: true }),
    max_attempts: job.maxAttempts ?? defaultMaxAttempts,
    priority: options.priority ?? 0,
    ...(clock.virtual ? { flag: virtualFlag } : {}),
  }
}
