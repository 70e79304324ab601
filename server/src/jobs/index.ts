import type { JobType } from './job.ts'

/** THE list of background work. */
export const jobs: readonly JobType[] = []
