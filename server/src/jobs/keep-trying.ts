import { createHash } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { tellFailedJob } from '../flows/failed-jobs.ts'
import type { JobContext, JobType } from './job.ts'
import { putOff } from './put-off.ts'

/** How long after all tries failed a job is tried again, in ms. */
const putOffBy = 10 * 60_000

/**
 * What becomes of a job that has failed as often as it is tried, unless it knows better: nobody would do its work
 * otherwise, and whoever waits for it would wait unseen. It comes again, with all its tries, and people are told.
 */
export async function keepTrying(
  { services, workspace }: JobContext,
  job: JobType,
  payload: JsonObject,
  error: unknown,
): Promise<void> {
  const key = `again ${createHash('sha1').update(JSON.stringify(payload)).digest('base64url')}`
  const again = await putOff(services, workspace, job, payload, { key, by: putOffBy })
  if (workspace === null) return
  const run = job.about?.(payload)
  await tellFailedJob(services, workspace, { title: job.title, run, again }, error)
}
