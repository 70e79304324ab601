import type { Text } from '@channelwright/runtime/text.ts'
import type { Static, TSchema } from 'typebox'
import type { Services } from '../services.ts'

/** What a job is handed besides its payload. */
export interface JobContext {
  readonly services: Services
  /** Key of the workspace the job was enqueued for; null for work of the whole installation. */
  readonly workspace: string | null
  /** 1 on the first try. */
  readonly attempt: number
  readonly maxAttempts: number
  /** Aborts when the server is being stopped: finish or throw, the job is taken up again. */
  readonly signal: AbortSignal
}

/**
 * Background work, one file each; the file name is the job's name. The list is `jobs/index.ts`.
 *
 * A job is delivered at least once: it may be run again after a crash at any point, also while a server that was
 * thought dead is still at it. So it does its work in one transaction that first asks whether it is done already.
 */
export interface JobType<N extends string = string, P extends TSchema = TSchema> {
  readonly name: N
  /** What it does, for those who administer flows: they are told of it when it keeps failing. */
  readonly title: Text
  readonly payload: P
  /** Tries before `exhausted` is called. The wait before try n+1 is e^min(n,10) seconds. Default 12 (about a day). */
  readonly maxAttempts?: number
  /** It plans its own next time, whatever anybody does: nobody waits for it to be over. */
  readonly comesAgain?: boolean
  run(context: JobContext, payload: Static<P>): Promise<void>
  /** The case that waits for it, whose story tells that it keeps failing. */
  about?(payload: Static<P>): string
  /**
   * Called once when the last try failed; makes the failure visible to people. Without it the job is put off and tried
   * again, and those who administer flows are told.
   */
  exhausted?(context: JobContext, payload: Static<P>, error: unknown): Promise<void>
}

export function defineJob<const N extends string, P extends TSchema>(job: JobType<N, P>): JobType<N, P> {
  return job
}

export const defaultMaxAttempts = 12

/** The schema that graphile-worker keeps its tables in. */
export const jobsSchema = 'channelwright_jobs'

/** Jobs at the same time in one server: they wait for the disk more than they compute. */
export const jobsAtOnce = 8

/** Jobs with this flag belong to a clock that does not follow real time; `drain-jobs.ts` runs them, no server does. */
export const virtualFlag = 'virtual'
