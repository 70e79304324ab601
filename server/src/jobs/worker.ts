import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { type Runner, run, runMigrations, Logger as WorkerLogger } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { pause } from '../db/failures.ts'
import type { Services } from '../services.ts'
import { startAlarm } from './alarm.ts'
import { deadAfter, startHeartbeat } from './heartbeat.ts'
import { jobs } from './index.ts'
import { jobsAtOnce, jobsSchema, virtualFlag } from './job.ts'
import { runEnvelope } from './run-envelope.ts'

export interface JobWorker {
  /** Lets running jobs finish, then stops. */
  stop(): Promise<void>
}

export interface JobWorkerOptions {
  /** Jobs at the same time in this process. Default `jobsAtOnce`. */
  readonly concurrency?: number
  /** How often jobs whose time has come are looked for, in ms; new and due ones are announced. Default 1000. */
  readonly pollInterval?: number
}

/** Brings the tables of graphile-worker to its version. Call once at start, after our own migrations. */
export async function migrateJobs(owner: Pool, log: Logger): Promise<void> {
  await runMigrations({ pgPool: owner, schema: jobsSchema, logger: workerLogger(log) })
}

/** How long to wait before a worker that ended by itself is started again, in ms. */
const restartAfter = 1_000

/** Starts working off jobs in this process; several processes may do so beside one database. */
export async function startJobWorker(services: Services, options: JobWorkerOptions = {}): Promise<JobWorker> {
  const log = services.log.child({ part: 'jobs' })
  const stopping = new AbortController()
  const inHand = new Set<string>()
  const start = () => startRunner(services, options, stopping.signal, log, inHand)
  let current = await start()
  // Graphile-worker gives up when it can't tell the database that a job is done (a restart of Postgres in the wrong
  // moment). The jobs are safe then, but nobody would work them off any more.
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await current.runner.promise.catch((error: unknown) =>
        log.error({ err: error }, 'The job worker failed'),
      )
      while (!stopping.signal.aborted) {
        await pause(restartAfter)
        if (stopping.signal.aborted) return
        try {
          current = await start()
          log.warn('The job worker was started again')
          break
        } catch (error) {
          log.warn({ err: error }, 'The job worker could not be started again yet')
        }
      }
    }
  }
  const watching = watch()
  const heartbeat = await startHeartbeat(services, randomUUID(), () => current.poolId, inHand)
  const alarm = startAlarm(services)
  return {
    async stop() {
      stopping.abort()
      await alarm.stop()
      await current.runner
        .stop('server stops')
        .catch((error: unknown) => log.debug({ err: error }, 'The job worker had stopped'))
      await watching
      await heartbeat.stop()
    },
  }
}

async function startRunner(
  services: Services,
  options: JobWorkerOptions,
  signal: AbortSignal,
  log: Logger,
  inHand: Set<string>,
): Promise<{ runner: Runner; poolId: string }> {
  const events = new EventEmitter()
  // graphile-worker locks jobs in the name of its pool: whose heart stops beating loses the jobs of that name.
  let poolId: string | null = null
  events.on('pool:create', (event: { workerPool: { id: string } }) => {
    poolId = event.workerPool.id
  })
  const taskList = Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload: unknown, helpers: { job: { id: string; attempts: number; max_attempts: number } }) => {
        const { id, attempts, max_attempts } = helpers.job
        inHand.add(id)
        try {
          await runEnvelope(services, job, payload, { attempt: attempts, maxAttempts: max_attempts, signal })
        } finally {
          // That it is done has still to be written; until then it is not taken for left behind.
          setTimeout(() => inHand.delete(id), deadAfter).unref()
        }
      },
    ]),
  )
  const runner = await run({
    pgPool: services.queue,
    schema: jobsSchema,
    taskList,
    events,
    concurrency: options.concurrency ?? jobsAtOnce,
    pollInterval: options.pollInterval ?? 1000,
    noHandleSignals: true,
    forbiddenFlags: [virtualFlag],
    logger: workerLogger(log),
    parsedCronItems: [],
  })
  if (poolId === null) throw new Error('graphile-worker announced no worker pool')
  return { runner, poolId }
}

function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message, meta) => {
    const data = { ...scope, ...(meta === undefined ? {} : { meta }) }
    if (level === 'error') log.error(data, message)
    else if (level === 'warning') log.warn(data, message)
    else log.debug(data, message)
  })
}
