import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { PoolClient } from 'pg'
import type { Static, TSchema } from 'typebox'
import type { Unit } from '../db/unit.ts'
import type { Services } from '../services.ts'
import { defaultMaxAttempts, type JobType, virtualFlag } from './job.ts'

export interface EnqueueOptions {
  /** A job with the same key that has not begun yet is replaced: many changes, one run. Unique per workspace. */
  readonly key?: string
  /** Not before this instant (ISO 8601, by the clock of the services). Default: at once. */
  readonly runAt?: string
  /** Smaller runs first. Default 0. */
  readonly priority?: number
  /** Jobs of one queue run one after the other. Few distinct names only. */
  readonly queue?: string
}

/**
 * Adds a job in the transaction of the unit: it exists if and only if the transaction commits. Runs as whatever
 * role the unit has at the moment; only the engine roles and the owner may.
 */
export async function enqueueJob<N extends string, P extends TSchema>(
  unit: Unit,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions = {},
): Promise<void> {
  const statement = enqueueStatement(unit.services, unit.served.workspace.key, job, payload, options)
  await unit.asEngine(() => unit.query(statement.text, statement.values))
}

/** The same outside a unit, as the owner, in a transaction of its own; `workspace` null: for the installation. */
export async function enqueueJobNow<N extends string, P extends TSchema>(
  services: Services,
  workspace: string | null,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions = {},
): Promise<void> {
  const statement = enqueueStatement(services, workspace, job, payload, options)
  await services.owner.query(statement.text, statement.values)
}

/** The same in the transaction of an owner's connection: it exists if and only if that one commits. */
export async function enqueueJobWith<N extends string, P extends TSchema>(
  client: Pick<PoolClient, 'query'>,
  services: Pick<Services, 'clock'>,
  workspace: string,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions = {},
): Promise<void> {
  const statement = enqueueStatement(services, workspace, job, payload, options)
  await client.query(statement.text, statement.values)
}

/** Takes back the job of that key, in the transaction of the unit; one that runs already is not stopped. */
export async function dropJob(unit: Unit, job: Pick<JobType, 'name'>, key: string): Promise<void> {
  const address = keyOf(unit.served.workspace.key, job, key)
  await unit.asEngine(() => unit.query('SELECT channelwright.drop_job($1)', [address]))
}

function keyOf(workspace: string | null, job: Pick<JobType, 'name'>, key: string): string {
  return `${workspace ?? ''}:${job.name}:${key}`
}

function enqueueStatement<N extends string, P extends TSchema>(
  services: Pick<Services, 'clock'>,
  workspace: string | null,
  job: JobType<N, P>,
  payload: Static<P>,
  options: EnqueueOptions,
) {
  const { clock } = services
  // Under a virtual clock `run_at` is kept in that clock's time, and "at once" is its now, not the database's.
  const runAt = options.runAt ?? (clock.virtual ? clock.now() : null)
  const envelope: JsonObject = { workspace, payload: payload as JsonObject }
  return {
    text: 'SELECT channelwright.enqueue_job($1, $2::json, $3::timestamptz, $4, $5, $6, $7, $8)',
    values: [
      job.name,
      JSON.stringify(envelope),
      runAt,
      options.key === undefined ? null : keyOf(workspace, job, options.key),
      job.maxAttempts ?? defaultMaxAttempts,
      options.priority ?? 0,
      clock.virtual ? virtualFlag : null,
      options.queue === undefined ? null : `${workspace ?? ''}:${options.queue}`,
    ],
  }
}
