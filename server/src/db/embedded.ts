import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { type Place, preparePlace } from './embedded-place.ts'
import { pause } from './failures.ts'

export interface EmbeddedPostgres {
  /** Owner connection to the database `channelwright`. */
  readonly url: string
  /** True when this process started it or took it over, and so will stop it. */
  readonly own: boolean
  stop(): Promise<void>
}

export interface EmbeddedSettings {
  /** Folder that holds `postgres/` and the log. */
  readonly dir: string
  readonly password: string
  /** For tests: nothing has to survive a power cut. */
  readonly disposable?: boolean
  readonly log?: Pick<Logger, 'warn'>
}

const user = 'channelwright'
const database = 'channelwright'

/**
 * Starts the PostgreSQL that comes from npm on a free port of the loopback address. A server that an earlier process
 * left running (after kill -9) is taken over; one that a living process runs is shared and left alone at the end. One
 * that dies is started again at the same address.
 */
export async function startEmbedded(settings: EmbeddedSettings): Promise<EmbeddedPostgres> {
  const { dir, password } = settings
  await mkdir(dir, { recursive: true })
  const place = preparePlace(dir)
  const ownerFile = join(dir, 'postgres.pid')
  const running = await findRunning(place.data, password)
  if (running) {
    const own = !isAlive(readOwner(ownerFile))
    const stop = own ? keepRunning(settings, place, running, claim(ownerFile)) : async () => undefined
    return { url: urlOf(running.port, password), own, stop }
  }

  if (!existsSync(join(place.data, 'PG_VERSION'))) initialise(place, password, dir)
  const port = await findFreePort()
  const launching = launch(settings, place, port)
  const owner = claim(ownerFile)
  const pid = await launching
  await ensureDatabase(urlOf(port, password, 'postgres'))
  return {
    url: urlOf(port, password),
    own: true,
    stop: keepRunning(settings, place, { pid, port }, owner),
  }
}

/** Runs Postgres on that port, waits until it answers and gives its process number. */
async function launch(
  { dir, password, disposable = false }: EmbeddedSettings,
  place: Place,
  port: number,
): Promise<number> {
  const log = openSync(join(dir, 'postgres.log'), 'a')
  const child = spawn(
    place.postgres,
    [
      ['-D', place.data, '-p', String(port)],
      ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ['-c', 'max_connections=200', '-c', 'timezone=UTC', '-c', 'log_timezone=UTC', '-c', 'jit=off'],
      disposable ? ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'] : [],
    ].flat(),
    // Detached: Ctrl-C in a terminal reaches the whole group, and Postgres must outlive the requests in flight.
    {
      ...place.identity,
      detached: true,
      stdio: ['ignore', log, log],
      cwd: place.data,
      env: plainEnvironment(),
    },
  )
  closeSync(log)
  child.unref()
  await waitUntilReady(urlOf(port, password, 'postgres'), child, join(dir, 'postgres.log'))
  return child.pid!
}

/**
 * Watches a Postgres that this process answers for: killed for want of memory, say, it is started again where it was,
 * so that connections find it. Gives how to stop it.
 */
function keepRunning(
  settings: EmbeddedSettings,
  place: Place,
  { pid, port }: { pid: number; port: number },
  owner: Owner,
): () => Promise<void> {
  let current = pid
  let stopping = false
  let reviving: Promise<void> | undefined
  const revive = async () => {
    settings.log?.warn({ part: 'postgres' }, 'PostgreSQL has ended and is started again')
    while (!stopping) {
      try {
        current = await launch(settings, place, port)
        return
      } catch (error) {
        // Until the last of its processes is gone a new one refuses to share their memory.
        settings.log?.warn({ part: 'postgres', err: error }, 'PostgreSQL could not be started again yet')
        await pause(1_000)
      }
    }
  }
  const timer = setInterval(() => {
    if (reviving || (isAlive(current) && !isZombie(current))) return
    // Whoever took it over meanwhile watches it, or has stopped it.
    if (!owner.stands()) return
    reviving = revive().finally(() => {
      reviving = undefined
    })
  }, 500)
  timer.unref()
  return async () => {
    stopping = true
    clearInterval(timer)
    await reviving
    // First, so that nobody who watches it starts it again.
    if (owner.stands()) owner.leave()
    await stopProcess(current)
  }
}

function urlOf(port: number, password: string, name = database): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`
}

/** Postgres reads PGDATA, PGPORT and the like; nothing of the caller's may reach it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')))
  return { ...env, LC_ALL: 'C', LANG: 'C' }
}

function initialise(place: Place, password: string, dir: string) {
  // initdb takes the password from a file only; it must be readable by the user that Postgres runs as.
  const passwordFile = join(tmpdir(), `cw-${randomBytes(8).toString('hex')}`)
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  const { uid, gid } = place.identity
  if (uid !== undefined && gid !== undefined) chownSync(passwordFile, uid, gid)
  try {
    const made = spawnSync(
      place.initdb,
      [
        ...[
          '-D',
          place.data,
          '-U',
          user,
          '--auth=scram-sha-256',
          `--pwfile=${passwordFile}`,
          '--encoding=UTF8',
        ],
        // The same order and upper case everywhere, whatever the machine's locale; Chinese included.
        ...['--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
      ],
      { ...place.identity, cwd: place.data, env: plainEnvironment(), encoding: 'utf8' },
    )
    if (made.status !== 0)
      throw new Error(`PostgreSQL could not be set up in ${dir}: ${made.error?.message ?? made.stderr}`)
  } catch (error) {
    // Half a data folder would be taken for a whole one at the next start.
    for (const name of readdirSync(place.data))
      rmSync(join(place.data, name), { recursive: true, force: true })
    throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** The server of that data folder, if one runs and takes our password; clears what a killed one left behind. */
async function findRunning(data: string, password: string): Promise<{ pid: number; port: number } | null> {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return null
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  // After a crash of the machine the number may belong to somebody else by now.
  if (!pid || !isAlive(pid) || !isPostgres(pid)) {
    rmSync(file, { force: true })
    return null
  }
  const until = Date.now() + 60_000
  for (;;) {
    const client = new pg.Client({ connectionString: urlOf(port, password), connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return { pid, port }
    } catch (error) {
      // It may be starting, recovering, or just going away.
      if (!isAlive(pid)) return findRunning(data, password)
      if (Date.now() > until)
        throw new Error(`A PostgreSQL (process ${pid}) holds ${data} but does not answer: ${String(error)}`)
      await pause(250)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

/** Who answers for the running Postgres: kept in a file, so that a later process finds out whether that one lives. */
interface Owner {
  /** False once somebody else has taken over. */
  stands(): boolean
  leave(): void
}

function claim(file: string): Owner {
  const text = `${process.pid} ${randomBytes(6).toString('hex')}`
  writeFileSync(file, text)
  return {
    stands: () => existsSync(file) && readFileSync(file, 'utf8') === text,
    leave: () => rmSync(file, { force: true }),
  }
}

function readOwner(file: string): number {
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
}

function isAlive(pid: number): boolean {
  if (!pid || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isPostgres(pid: number): boolean {
  if (process.platform === 'linux') {
    const file = `/proc/${pid}/comm`
    return existsSync(file) && readFileSync(file, 'utf8').startsWith('postgres')
  }
  if (process.platform === 'win32') return true
  return spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout.includes('postgres')
}

/** Fast shutdown: open transactions are rolled back, data is written. Waits for the end. */
async function stopProcess(pid: number): Promise<void> {
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended already.
    }
  }
  send('SIGINT')
  for (let waited = 0; isAlive(pid) && !isZombie(pid); waited += 50) {
    if (waited === 20_000) send('SIGQUIT')
    if (waited > 30_000) throw new Error(`PostgreSQL (process ${pid}) does not stop`)
    await pause(50)
  }
}

/** Ended, but nobody has asked for its exit code: an orphan in a container whose first process never does. */
function isZombie(pid: number): boolean {
  try {
    return process.platform === 'linux' && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').slice(0, 80))
  } catch {
    return true
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (!address || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function waitUntilReady(url: string, child: ChildProcess, logFile: string): Promise<void> {
  let failed: string | null = null
  child.once('error', (error) => {
    failed = error.message
  })
  child.once('exit', (code, signal) => {
    failed ??= `it ended with ${signal ?? code}`
  })
  const until = Date.now() + 120_000
  for (;;) {
    if (failed !== null) throw new Error(`PostgreSQL did not start: ${failed}. See ${logFile}.`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return
    } catch (error) {
      if (Date.now() > until) throw new Error(`PostgreSQL does not answer. See ${logFile}.`, { cause: error })
      await pause(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (!rowCount) await client.query(`CREATE DATABASE ${database}`)
  } finally {
    await client.end()
  }
}
