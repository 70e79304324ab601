import type { Services } from '../services.ts'
import { jobsSchema, virtualFlag } from './job.ts'
import { wakeWorkers } from './order-jobs.ts'

/** How often the jobs that will be due soon are looked up, in ms. */
const lookEvery = 1_000
/** Jobs that become due within so many ms of each other wake the workers together. */
const together = 20

/**
 * Wakes idle workers at the very moment at which jobs become due: by themselves they would find them at their next
 * poll. A hint only; what it misses the poll finds.
 */
export function startAlarm(services: Services): { stop(): Promise<void> } {
  const log = services.log.child({ part: 'jobs' })
  const set = new Set<NodeJS.Timeout>()
  let looking: Promise<void> = Promise.resolve()
  let busy = false

  const look = async () => {
    // In ms from now by the clock that decides whether a job is due: the database's.
    const { rows } = await services.owner.query<{ in_ms: number; count: number }>(
      `SELECT ceil(extract(epoch FROM run_at - now()) * 1000 / $3)::integer * $3 AS in_ms, count(*)::integer AS count
       FROM ${jobsSchema}._private_jobs
       WHERE locked_at IS NULL AND run_at > now() AND run_at <= now() + make_interval(secs => $1)
         AND (flags ? $2) IS NOT TRUE
       GROUP BY 1 ORDER BY 1 LIMIT 100`,
      [(lookEvery * 1.5) / 1000, virtualFlag, together],
    )
    // What was set before stays: to be woken twice costs little, to be left asleep costs a poll.
    for (const { in_ms, count } of rows) {
      const alarm = setTimeout(() => {
        set.delete(alarm)
        wakeWorkers(services, count)
      }, in_ms + 2)
      set.add(alarm)
    }
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    looking = look()
      .catch((error: unknown) => log.debug({ err: error }, 'Jobs that will be due could not be looked up'))
      .finally(() => {
        busy = false
      })
  }, lookEvery)
  return {
    async stop() {
      clearInterval(timer)
      await looking
      for (const one of set) clearTimeout(one)
    },
  }
}
