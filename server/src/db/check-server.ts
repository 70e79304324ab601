import pg from 'pg'
import { ConfigError } from '../config.ts'
import { sayProgress } from '../welcome.ts'
import { codeOf, isUnavailable, pause } from './failures.ts'

/** The oldest Postgres with everything the program needs (security_invoker views, MERGE, NULLS NOT DISTINCT). */
const oldestVersion = 15

/**
 * Refuses a database the program can't work with, in words for the operator: unreachable, too old, without the rights
 * to make schemas and roles. Waits a while for a server that is still starting. Throws ConfigError.
 */
export async function checkServer(url: string, patience = 15_000): Promise<void> {
  const client = await connectPatiently(url, patience)
  try {
    const { rows } = await client.query<{
      version: string
      number: number
      schemas: boolean
      roles: boolean
    }>(
      `SELECT current_setting('server_version') AS version,
              current_setting('server_version_num')::int AS number,
              has_database_privilege(current_database(), 'CREATE') AS schemas,
              (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS roles`,
    )
    const found = rows[0]!
    checkVersion(found.number, found.version)
    if (!found.schemas)
      throw new ConfigError(
        `The user of DATABASE_URL may not make schemas. Run: GRANT CREATE ON DATABASE ${quoteName(databaseOf(url))} TO ${quoteName(userOf(url))}`,
      )
    if (!found.roles)
      throw new ConfigError(
        `The user of DATABASE_URL may not make roles, which keep partners' data apart. Run: ALTER ROLE ${quoteName(userOf(url))} CREATEROLE`,
      )
  } finally {
    await client.end()
  }
}

/** `number` is server_version_num: 150004 for 15.4. Throws ConfigError for a server that is too old. */
export function checkVersion(number: number, version: string): void {
  if (number >= oldestVersion * 10_000) return
  throw new ConfigError(
    `PostgreSQL ${version} is too old: ${oldestVersion} or later is needed. Leave DATABASE_URL empty to use the PostgreSQL that comes with the program.`,
  )
}

async function connectPatiently(url: string, patience: number): Promise<pg.Client> {
  const until = Date.now() + patience
  let told = false
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      if (isUnavailable(error) && Date.now() < until) {
        if (!told)
          sayProgress(`Waiting for the database: ${describe(url)}`, `正在等待数据库:${describe(url)}`)
        told = true
        await pause(500)
        continue
      }
      throw new ConfigError(`${explain(error)} (${describe(url)})`)
    }
  }
}

function explain(error: unknown): string {
  switch (codeOf(error)) {
    case '28P01':
      return 'The database refused the password of DATABASE_URL.'
    case '28000':
      return 'The database refused the user of DATABASE_URL (pg_hba.conf).'
    case '3D000':
      return 'The database named in DATABASE_URL does not exist.'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The host named in DATABASE_URL is not known.'
    default:
      return `The database of DATABASE_URL can't be reached: ${error instanceof Error ? error.message || codeOf(error) : error}.`
  }
}

/** Where, without the password. */
function describe(url: string): string {
  const { hostname, port } = new URL(url)
  return `${userOf(url)} at ${hostname || 'localhost'}:${port || 5432}/${databaseOf(url)}`
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || 'postgres'
}
function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || userOf(url)
}
function quoteName(name: string): string {
  return pg.escapeIdentifier(name)
}
