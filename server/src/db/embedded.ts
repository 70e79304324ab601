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
}

const user = 'channelwright'
const database = 'channelwright'

/**
 * Starts the PostgreSQL that comes from npm on a free port of the loopback address. A server that an earlier process
 * left running (after kill -9) is taken over; one that a living process runs is shared and left alone at the end.
 */
export async function startEmbedded({
  dir,
  password,
  disposable = false,
}: EmbeddedSettings): Promise<EmbeddedPostgres> {
  await mkdir(dir, { recursive: true })
  const place = preparePlace(dir)
  const ownerFile = join(dir, 'postgres.pid')
  const running = await findRunning(place.data, password)
  if (running) {
    const own = !isAlive(readOwner(ownerFile))
    if (own) writeFileSync(ownerFile, String(process.pid))
    return {
      url: urlOf(running.port, password),
      own,
      stop: async () => {
        if (own) await stopProcess(running.pid, ownerFile)
      },
    }
  }

  if (!existsSync(join(place.data, 'PG_VERSION'))) initialise(place, password, dir)
  const port = await findFreePort()
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
  writeFileSync(ownerFile, String(process.pid))
  await waitUntilReady(urlOf(port, password, 'postgres'), child, join(dir, 'postgres.log'))
  await ensureDatabase(urlOf(port, password, 'postgres'))
  return { url: urlOf(port, password), own: true, stop: () => stopProcess(child.pid!, ownerFile) }
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

function readOwner(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
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
async function stopProcess(pid: number, ownerFile: string): Promise<void> {
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
  rmSync(ownerFile, { force: true })
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
