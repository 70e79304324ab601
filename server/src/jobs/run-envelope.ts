import { isJsonObject } from '@channelwright/runtime/json.ts'
import Value from 'typebox/value'
import type { Services } from '../services.ts'
import { defaultMaxAttempts, type JobContext, type JobType } from './job.ts'
import { keepTrying } from './keep-trying.ts'

/**
 * Runs one delivery of a job. Throws when it is to be tried again; after the last try `exhausted` is called in
 * its place, so that the failure is shown where people look; a job without one comes again later (`keep-trying.ts`).
 */
export async function runEnvelope(
  services: Services,
  job: JobType,
  envelope: unknown,
  delivery: { attempt: number; maxAttempts?: number; signal: AbortSignal },
): Promise<void> {
  const maxAttempts = delivery.maxAttempts ?? job.maxAttempts ?? defaultMaxAttempts
  const log = services.log.child({ job: job.name, attempt: delivery.attempt })
  if (!isJsonObject(envelope) || !isJsonObject(envelope.payload)) {
    log.error('A job without an envelope was dropped')
    return
  }
  const workspace = typeof envelope.workspace === 'string' ? envelope.workspace : null
  if (workspace !== null && (await services.releases.workspace(workspace)) === undefined) {
    log.warn({ workspace }, 'A job of a workspace that is gone was dropped')
    return
  }
  const context: JobContext = {
    services,
    workspace,
    attempt: delivery.attempt,
    maxAttempts,
    signal: delivery.signal,
  }
  const { payload } = envelope
  try {
    if (!Value.Check(job.payload, payload)) throw new Error(`The payload does not fit job ${job.name}`)
    await job.run(context, payload)
  } catch (error) {
    if (delivery.attempt < maxAttempts) throw error
    log.error({ err: error, workspace }, 'A job failed for the last time')
    await (job.exhausted?.(context, payload, error) ?? keepTrying(context, job, payload, error))
  }
}
