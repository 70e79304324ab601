import type { Services } from '../services.ts'
import { jobs } from './index.ts'
import { jobsSchema, virtualFlag } from './job.ts'
import { runEnvelope } from './run-envelope.ts'

interface DueJob {
  readonly id: string
  readonly identifier: string
  readonly payload: unknown
  readonly attempts: number
  readonly max_attempts: number
}

/**
 * Under a virtual clock: runs every job of the workspace that is due by that clock, in the order of their times,
 * and those they enqueue, until none is due. A job that fails is tried again at once until its tries are used up.
 * Returns how many were run; throws after `limit` deliveries, which means that jobs feed each other without end.
 */
export async function drainJobs(services: Services, workspace: string, limit = 10_000): Promise<number> {
  const signal = new AbortController().signal
  for (let count = 0; ; count += 1) {
    const { rows } = await services.owner.query<DueJob>(
      `UPDATE ${jobsSchema}._private_jobs AS job SET attempts = attempts + 1
       FROM ${jobsSchema}._private_tasks AS task
       WHERE task.id = job.task_id AND job.id = (
         SELECT id FROM ${jobsSchema}._private_jobs
         WHERE flags ? $1 AND payload->>'workspace' = $2 AND run_at <= $3::timestamptz AND attempts < max_attempts
         ORDER BY run_at, priority, id LIMIT 1
       )
       RETURNING job.id, task.identifier, job.payload, job.attempts, job.max_attempts`,
      [virtualFlag, workspace, services.clock.now()],
    )
    const row = rows[0]
    if (row === undefined) return count
    if (count >= limit) throw new Error(`More than ${limit} jobs were run without an end`)
    const job = jobs.find((candidate) => candidate.name === row.identifier)
    if (job === undefined) throw new Error(`There is no job ${row.identifier}`)
    try {
      await runEnvelope(services, job, row.payload, {
        attempt: row.attempts,
        maxAttempts: row.max_attempts,
        signal,
      })
      await services.owner.query(`DELETE FROM ${jobsSchema}._private_jobs WHERE id = $1`, [row.id])
    } catch (error) {
      services.log.debug({ err: error, job: row.identifier }, 'A job is tried again')
    }
  }
}

/** The next instant at which a job of the workspace becomes due by its virtual clock; null when none waits. */
export async function nextJobAt(
  services: Services,
  workspace: string,
  /** Names of jobs that do not count. */
  except: readonly string[] = [],
): Promise<string | null> {
  const { rows } = await services.owner.query<{ at: string | null }>(
    `SELECT min(run_at) AS at FROM ${jobsSchema}._private_jobs AS job
     JOIN ${jobsSchema}._private_tasks AS task ON task.id = job.task_id
     WHERE flags ? $1 AND payload->>'workspace' = $2 AND attempts < max_attempts AND identifier <> ALL ($3)`,
    [virtualFlag, workspace, except],
  )
  return rows[0]?.at ?? null
}
