import { makeWorkerUtils, type WorkerUtils } from 'graphile-worker'
import type { Services } from '../services.ts'
import { exhaustAbandonedJobs } from './exhaust-abandoned-jobs.ts'
import { jobsSchema } from './job.ts'

/** Every server says this often that it lives, in ms. */
export const beatEvery = 2_000
/** A server that has said nothing for this long is taken for dead and its jobs are freed, in ms. */
export const deadAfter = 10_000

/**
 * Says in `channelwright.job_server` that this server lives, and frees the jobs of those that no longer do.
 * Graphile-worker alone would leave them locked for four hours. Time is the database's, so clocks need not agree.
 */
export async function startHeartbeat(
  services: Services,
  server: string,
  poolId: () => string,
  inHand: ReadonlySet<string>,
): Promise<{ stop(): Promise<void> }> {
  const { owner } = services
  const log = services.log.child({ part: 'jobs' })
  const utils = await makeWorkerUtils({ pgPool: owner, schema: jobsSchema })

  const beat = async () => {
    await owner.query(
      `INSERT INTO channelwright.job_server (id, pool_id, beat_at) VALUES ($1, $2, now())
       ON CONFLICT (id) DO UPDATE SET beat_at = now(), pool_id = excluded.pool_id`,
      [server, poolId()],
    )
    await freeJobsOfTheDead(services, utils)
    await freeJobsLeftBehind(services, poolId(), inHand)
    await exhaustAbandonedJobs(services, poolId())
  }
  await beat()
  let running: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    // One beat at a time: when the database hangs, beats must not pile up behind it.
    if (busy) return
    busy = true
    running = beat()
      .catch((error: unknown) => log.warn({ err: error }, 'A heartbeat failed'))
      .finally(() => {
        busy = false
      })
  }, beatEvery)
  return {
    async stop() {
      clearInterval(timer)
      await running
      await owner.query('DELETE FROM channelwright.job_server WHERE id = $1', [server]).catch(() => undefined)
      await utils.release()
    },
  }
}

async function freeJobsOfTheDead(services: Services, utils: WorkerUtils): Promise<void> {
  const { rows } = await services.owner.query<{ pool_id: string }>(
    `SELECT pool_id FROM channelwright.job_server WHERE beat_at < now() - make_interval(secs => $1)`,
    [deadAfter / 1000],
  )
  // A pool that locks jobs but is in no row at all died before its first beat, or was freed and came back to die.
  const { rows: unknown } = await services.owner.query<{ pool_id: string }>(
    `SELECT DISTINCT locked_by AS pool_id FROM ${jobsSchema}._private_jobs AS job
     WHERE locked_at < now() - make_interval(secs => $1)
       AND NOT EXISTS (SELECT 1 FROM channelwright.job_server WHERE pool_id = job.locked_by)`,
    [deadAfter / 1000],
  )
  const dead = [...rows, ...unknown].map((row) => row.pool_id)
  if (dead.length === 0) return
  await utils.forceUnlockWorkers(dead)
  // Announced like new jobs, so that idle workers look at once rather than at their next poll.
  await services.owner.query(`SELECT pg_notify('jobs:insert', '{"r":0,"count":1}')`)
  await services.owner.query('DELETE FROM channelwright.job_server WHERE pool_id = ANY($1)', [dead])
  services.log.warn({ part: 'jobs', servers: dead.length }, 'Freed the jobs of servers that no longer answer')
}

/**
 * Frees the jobs that this server's own worker holds but does not work on: it had lost the connection by which it
 * wanted to say how they ended.
 */
async function freeJobsLeftBehind(
  services: Services,
  poolId: string,
  inHand: ReadonlySet<string>,
): Promise<void> {
  const { rows } = await services.owner.query<{ id: string; job_queue_id: number | null }>(
    `UPDATE ${jobsSchema}._private_jobs SET locked_by = NULL, locked_at = NULL
     WHERE locked_by = $1 AND locked_at < now() - make_interval(secs => $2) AND id <> ALL ($3::bigint[])
     RETURNING id, job_queue_id`,
    [poolId, deadAfter / 1000, [...inHand]],
  )
  if (rows.length === 0) return
  await services.owner.query(
    `UPDATE ${jobsSchema}._private_job_queues SET locked_by = NULL, locked_at = NULL
     WHERE locked_by = $1 AND id = ANY ($2)`,
    [poolId, rows.flatMap((row) => row.job_queue_id ?? [])],
  )
  await services.owner.query(`SELECT pg_notify('jobs:insert', '{"r":0,"count":1}')`)
  services.log.warn({ part: 'jobs', jobs: rows.length }, 'Freed jobs whose end could not be told')
}
