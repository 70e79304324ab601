import type { Clock } from '@channelwright/runtime/ports.ts'
import createKnex from 'knex'
import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'
import { connectionsOf, tellLackOfConnections } from './connections.ts'
import { migrateDatabase } from './db/migrate.ts'
import { openNotices } from './db/notices.ts'
import { createPool } from './db/pools.ts'
import { createDiskStore } from './files/disk-store.ts'
import { systemClock } from './ports/clock.ts'
import { createIds } from './ports/ids.ts'
import { createReleaseStore } from './publish/release-store.ts'
import { updateAccess } from './publish/update-access.ts'
import { updateWorkspaceTables } from './publish/workspace-tables.ts'
import type { Services } from './services.ts'

export interface ComposeOptions {
  readonly clock?: Clock
  readonly log?: Logger
  /** Connections of requests. Default: those of the settings. */
  readonly connections?: number
}

export interface Composed {
  readonly services: Services
  close(): Promise<void>
}

/**
 * Migrates the database of `databaseUrl`, with the workspaces in it, and makes everything the program is composed of. Close it when done: the
 * event loop does not end before.
 */
export async function composeServices(
  config: Config & { readonly databaseUrl: string },
  options: ComposeOptions = {},
): Promise<Composed> {
  const log = options.log ?? createLogger(config)
  const { installation, loginUrl } = await migrateDatabase(config.databaseUrl, config.secret, log)
  const connections = connectionsOf(options.connections ?? config.connections)
  const owner = createPool({
    url: config.databaseUrl,
    max: connections.owner,
    name: 'channelwright',
    log,
  })
  const login = createPool({
    url: loginUrl,
    max: connections.requests,
    name: 'channelwright requests',
    log,
    pipeline: true,
  })
  // That a job is taken and that it is done: of three commits for each job only its own has to wait for the disk. One
  // that Postgres forgets to be done is delivered again, as any may be.
  const queue = createPool({
    url: config.databaseUrl,
    max: connections.queue,
    name: 'channelwright jobs',
    log,
    mayLoseCommits: true,
  })
  await tellLackOfConnections(owner, connections, log)
  await updateWorkspaceTables({ owner, installation })
  await updateAccess({ owner, installation, log })
  const knex = createKnex({ client: 'pg' })
  const notices = await openNotices(config.databaseUrl, log)
  const base = {
    config,
    log,
    clock: options.clock ?? systemClock,
    ids: createIds(),
    owner,
    login,
    queue,
    knex,
    installation,
    notices,
    files: createDiskStore(config.filesDir),
  }
  const services: Services = { ...base, releases: createReleaseStore(base) }
  return {
    services,
    async close() {
      await notices.close()
      await knex.destroy()
      await Promise.all([login.end(), owner.end(), queue.end()])
    },
  }
}

/** JSON lines. What may hold a secret is cut out wherever it stands. */
export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  return pino({
    level: config.logLevel,
    serializers: { err: describeError },
    redact: {
      paths: [
        '*.password',
        '*.token',
        '*.secret',
        'req.headers.authorization',
        'req.headers.cookie',
        'url',
        'databaseUrl',
      ],
      censor: '(hidden)',
    },
  })
}

/** The driver hangs its whole connection on an error; a log needs what happened and where. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const code = 'code' in error ? String(error.code) : undefined
  return { name, code, message, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) }
}
