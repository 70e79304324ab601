import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createApp, listen, stopListening } from './app.ts'
import { removeDemoAccounts } from './auth/remove-demo-accounts.ts'
import { composeServices, createLogger } from './compose.ts'
import { ConfigError, readConfig, readSecrets } from './config.ts'
import { checkServer } from './db/check-server.ts'
import { startEmbedded } from './db/embedded.ts'
import { isUnavailable } from './db/failures.ts'
import { replanSchedules } from './flows/schedules.ts'
import { requeueTimers } from './flows/timers.ts'
import { startJobWorker } from './jobs/worker.ts'
import { loadDemo } from './packs/load-demo.ts'
import { printWelcome, sayProgress } from './welcome.ts'

/** What was started, newest last; stopped in reverse order. */
const stops: (() => Promise<unknown>)[] = []
let stopping = false

async function start(): Promise<void> {
  const config = readConfig()
  const log = createLogger(config)
  await checkPort(config.port)
  if (!config.databaseUrl && !existsSync(join(config.dataDir, 'postgres', 'PG_VERSION')))
    sayProgress('Preparing the database (once)', '正在准备数据库(仅需一次)')
  const embedded = config.databaseUrl
    ? null
    : await startEmbedded({
        dir: config.dataDir,
        password: readSecrets(config.dataDir).postgresPassword,
        log,
      })
  if (embedded) stops.push(() => embedded.stop())
  const databaseUrl = config.databaseUrl ?? embedded!.url
  await checkServer(databaseUrl)
  const composed = await composeServices({ ...config, databaseUrl }, { log })
  stops.push(() => composed.close())
  const app = createApp(composed.services)
  stops.push(() => app.close())
  const demo = config.production ? null : await loadDemo(composed.services, sayDemo)
  if (config.production) await removeDemoAccounts(composed.services)
  await requeueTimers(composed.services)
  await replanSchedules(composed.services)
  const worker = await startJobWorker(composed.services)
  stops.push(() => worker.stop())
  const { server, port } = await listen(app, config.port)
  stops.push(() => stopListening(app, server))
  printWelcome({ ...config, port }, demo)
}

function sayDemo(): void {
  sayProgress('Loading the demo workspace (once)', '正在载入演示工作区(仅需一次)')
}

async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  for (const close of stops.reverse()) {
    try {
      await close()
    } catch (error) {
      console.error(error)
      code ||= 1
    }
  }
  process.exit(code)
}

/** Before anything is started: a taken port is the commonest mistake and deserves a quick answer. */
async function checkPort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `can't be opened (${error.code})`
      reject(
        new ConfigError(`Port ${port} ${reason}. Stop what uses it, or choose another: PORT=4001 npm start`),
      )
    })
    probe.listen(port, () => probe.close(() => resolve()))
  })
}

function fail(error: unknown): void {
  if (error instanceof ConfigError) console.error(`\n${error.message}\n`)
  else console.error(explainFiles(error) ?? error)
  void stop(1)
}

/** A data folder that can't be written to is the operator's to mend, and no fault of the program. */
function explainFiles(error: unknown): string | null {
  const { code = '', path } = error as NodeJS.ErrnoException
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code) || path === undefined) return null
  const reason = code === 'ENOSPC' ? 'the disk is full' : `it may not be written (${code})`
  return `\n${path}: ${reason}. The data lies in CW_DATA_DIR; name a folder that this user may write to.\n`
}

/** npm and its shell stand above us; when they are killed nobody could stop us any more. */
function stopWithParent(): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) void stop(0)
  }, 1_000).unref()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stop(0))
}
process.on('uncaughtException', fail)
// A library may let the failure of a lost connection fall on the floor (graphile-worker does, when it can't report a
// failed job): the pools connect again by themselves, so that is no reason to stop serving.
process.on('unhandledRejection', (error) => (isUnavailable(error) ? console.error(error) : fail(error)))
stopWithParent()
start().catch(fail)
