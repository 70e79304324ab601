import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { loginRoleOf } from '../access/pg-role.ts'
import { migrateJobs } from '../jobs/worker.ts'
import { createPool, deriveLoginPassword, replaceUser } from './pools.ts'

const folder = new URL('./migrations/', import.meta.url)

/** One number for everybody who migrates this database; any will do as long as it never changes. */
const lockKey = 0x6377_0001

export interface Migrated {
  readonly installation: string
  /** How requests connect: the same database as the login role. */
  readonly loginUrl: string
  /** Names of the migrations that ran now. */
  readonly ran: readonly string[]
}

/**
 * Brings the catalogue to today's shape, forward only, each file in a transaction of its own; then graphile-worker's
 * tables and the login role. Several servers may call it at once: one works, the others wait and find it done.
 */
export async function migrateDatabase(url: string, secret: string, log: Logger): Promise<Migrated> {
  const client = new pg.Client({ connectionString: url, application_name: 'channelwright migrations' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    const ran = await runFiles(client, log)
    const installation = await ensureInstallation(client)
    const login = loginRoleOf(installation)
    const password = deriveLoginPassword(secret, installation)
    await ensureLoginRole(client, login, password)
    await migrateJobTables(url, log)
    return { installation, loginUrl: replaceUser(url, login, password), ran }
  } finally {
    // Ends the session, which lets the lock go.
    await client.end()
  }
}

/** Migration files by name, which is their order. */
export async function listMigrations(): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{6}_[a-z0-9_]+\.sql$/.test(name)).sort()
  const numbers = files.map((name) => name.slice(0, 6))
  const twice = numbers.find((number, at) => numbers[at + 1] === number)
  if (twice) throw new Error(`two migrations have the number ${twice}`)
  return files
}

async function runFiles(client: pg.Client, log: Logger): Promise<string[]> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS channelwright;
    CREATE TABLE IF NOT EXISTS channelwright.migration (
      name text PRIMARY KEY,
      ran_at timestamptz NOT NULL DEFAULT now()
    )`)
  const { rows } = await client.query<{ name: string }>('SELECT name FROM channelwright.migration')
  const done = new Set(rows.map((row) => row.name))
  const files = await listMigrations()
  const newer = [...done].filter((name) => !files.includes(name))
  if (newer.length)
    throw new Error(
      `the database was migrated by a newer version of the program (${newer.sort().join(', ')})`,
    )
  const ran: string[] = []
  for (const name of files) {
    if (done.has(name)) continue
    const text = await readFile(new URL(name, folder), 'utf8')
    try {
      await client.query('BEGIN')
      await client.query(text)
      await client.query('INSERT INTO channelwright.migration (name) VALUES ($1)', [name])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
    log.info({ migration: name }, 'migrated')
    ran.push(name)
  }
  return ran
}

async function migrateJobTables(url: string, log: Logger): Promise<void> {
  const pool = createPool({ url, max: 2, name: 'channelwright migrations', log })
  try {
    await migrateJobs(pool, log)
  } finally {
    await pool.end()
  }
}

async function ensureInstallation(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM channelwright.installation')
  if (rows[0]) return rows[0].id
  const made = await client.query<{ id: string }>(
    `INSERT INTO channelwright.installation (id) VALUES (substr(md5(gen_random_uuid()::text), 1, 8)) RETURNING id`,
  )
  return made.rows[0]!.id
}

/** Neither owner of anything nor BYPASSRLS, and NOINHERIT: without SET ROLE it can read nothing at all. */
async function ensureLoginRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role)
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  const secret = client.escapeLiteral(password)
  // An owner that is no superuser may change the password of a role it made, and few other attributes.
  if (rowCount) await client.query(`ALTER ROLE ${name} PASSWORD ${secret}`)
  else await client.query(`CREATE ROLE ${name} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD ${secret}`)
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
  await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(rows[0]!.name)} TO ${name}`)
}
