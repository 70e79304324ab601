import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Services } from '../services.ts'
import { enqueueJobNow } from './enqueue.ts'
import type { JobType } from './job.ts'

/**
 * Lets a job come again, not before an instant and not sooner than so many ms from now, by the clock that decides when
 * jobs are due: the database's. By the clock of a server that is behind it, the job would be due at once, again and
 * again. Answers when it comes.
 */
export async function putOff(
  services: Services,
  workspace: string | null,
  job: JobType,
  payload: JsonObject,
  { key, ...when }: Later & { readonly key: string },
): Promise<string> {
  const runAt = await momentOf(services, when)
  await enqueueJobNow(services, workspace, job, payload, { key, runAt })
  return runAt
}

interface Later {
  /** An instant; default: none. */
  readonly until?: string
  /** Milliseconds. */
  readonly by: number
}

async function momentOf({ clock, owner }: Services, { until, by }: Later): Promise<string> {
  if (clock.virtual) return until ?? new Date(Date.parse(clock.now()) + by).toISOString()
  const { rows } = await owner.query<{ at: string }>(
    'SELECT greatest(now() + make_interval(secs => $1), $2::timestamptz) AS at',
    [by / 1000, until ?? null],
  )
  return rows[0]!.at
}
