import { createHmac } from 'node:crypto'
import pg from 'pg'
import type { Logger } from 'pino'

/**
 * Numbers, dates and instants travel as the text Postgres wrote: a float or a Date would lose digits. Only what fits
 * a JavaScript number exactly (int2, int4, bigint of catalogue counts is text too) becomes one.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (keptAsText.has(oid)) return (value: string) => value
    if (oid === 1184) return (value: string) => readInstant(value)
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
  },
} as pg.CustomTypesConfig

/** numeric, date, timestamp without zone, interval, bigint */
const keptAsText = new Set([1700, 1082, 1114, 1186, 20])

/** `2026-11-22 08:00:00.123+00` → `2026-11-22T08:00:00.123Z`; microseconds are cut. */
function readInstant(value: string): string {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? value : date.toISOString()
}

export interface PoolSettings {
  readonly url: string
  readonly max: number
  readonly name: string
  readonly log: Logger
  /** For libraries that name their tables without a schema. */
  readonly searchPath?: string
  /** Left to the library that uses the pool when it reads Date objects. */
  readonly plainTypes?: boolean
  /** Statements are sent without waiting for the answers before them; each still gets its own. */
  readonly pipeline?: boolean
  /** What the pool commits may be lost with the last half second when Postgres dies: no commit waits for the disk. */
  readonly mayLoseCommits?: boolean
}

export function createPool(settings: PoolSettings): pg.Pool {
  const { url, max, name, log, searchPath, plainTypes, pipeline, mayLoseCommits } = settings
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(pipeline ? { pipeline } : {}),
    options: [
      '-c timezone=UTC',
      ...(searchPath ? [`-c search_path=${searchPath}`] : []),
      ...(mayLoseCommits ? ['-c synchronous_commit=off'] : []),
    ].join(' '),
    ...(plainTypes ? {} : { types }),
  })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => {
    if (!pool.ending) log.warn({ err: error, pool: name }, 'a database connection was lost')
  })
  pool.on('connect', (client) =>
    client.on('error', (error) => log.debug({ err: error, pool: name }, 'connection error')),
  )
  return pool
}

/** The login role's password: every server with the same secret finds the same. */
export function deriveLoginPassword(secret: string, installation: string): string {
  return createHmac('sha256', secret).update(`login role of ${installation}`).digest('base64url')
}

/** The same server and database, as another role. */
export function replaceUser(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = encodeURIComponent(user)
  changed.password = encodeURIComponent(password)
  return changed.href
}
