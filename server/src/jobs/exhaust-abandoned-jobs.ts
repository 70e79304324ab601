import type { Services } from '../services.ts'
import { jobs } from './index.ts'
import { jobsSchema, virtualFlag } from './job.ts'
import { runEnvelope } from './run-envelope.ts'

interface AbandonedJob {
  readonly id: string
  readonly identifier: string
  readonly payload: unknown
  readonly attempts: number
  readonly last_error: string | null
}

/**
 * A job whose server died during its last try has nobody left to say so: it is neither run again nor reported.
 * Such jobs get one more delivery here, whose failure calls `exhausted`, and leave the queue either way.
 */
export async function exhaustAbandonedJobs(services: Services, poolId: string): Promise<void> {
  const { rows } = await services.owner.query<AbandonedJob>(
    `SELECT job.id, task.identifier, job.payload, job.attempts, job.last_error
     FROM ${jobsSchema}._private_jobs AS job JOIN ${jobsSchema}._private_tasks AS task ON task.id = job.task_id
     WHERE job.attempts >= job.max_attempts AND job.locked_at IS NULL
       AND (job.flags ? $1) IS NOT TRUE
     LIMIT 20`,
    [virtualFlag],
  )
  for (const row of rows) {
    // Locked in this server's name: of several that look at the same time one gets it, and if that one dies too,
    // the job is freed again like any other.
    const taken = await services.owner.query(
      `UPDATE ${jobsSchema}._private_jobs SET locked_at = now(), locked_by = $2
       WHERE id = $1 AND locked_at IS NULL AND attempts >= max_attempts`,
      [row.id, poolId],
    )
    if (taken.rowCount === 0) continue
    const job = jobs.find((candidate) => candidate.name === row.identifier)
    if (job === undefined) services.log.error({ job: row.identifier }, 'A job of an unknown name was dropped')
    else {
      const signal = new AbortController().signal
      await runEnvelope(services, job, row.payload, {
        attempt: row.attempts,
        maxAttempts: row.attempts,
        signal,
      })
    }
    await services.owner.query(`DELETE FROM ${jobsSchema}._private_jobs WHERE id = $1 AND locked_by = $2`, [
      row.id,
      poolId,
    ])
  }
}
