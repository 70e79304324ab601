import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { jobsAtOnce } from './jobs/job.ts'

/** Connections to Postgres that one server opens at most, by what they are for. */
export interface Connections {
  readonly requests: number
  /** The catalogue, publishing, numbers. */
  readonly owner: number
  /** Jobs: each of those at the same time, and what looks for the next. */
  readonly queue: number
  /** Signing in and sessions. */
  readonly identity: number
  /** Hearing of what other servers did. */
  readonly notices: number
}

/** What follows from so many connections of requests (`CW_CONNECTIONS`). */
export function connectionsOf(requests: number): Connections {
  return { requests, owner: Math.ceil(requests / 4) + 2, queue: jobsAtOnce + 2, identity: 4, notices: 1 }
}

export const countConnections = (all: Connections): number =>
  Object.values(all).reduce((sum: number, one: number) => sum + one, 0)

/** Tells the operator at start that Postgres has no room for all that this server may open. */
export async function tellLackOfConnections(owner: Pool, all: Connections, log: Logger): Promise<void> {
  const { rows } = await owner.query<{ most: number; kept: number }>(
    `SELECT current_setting('max_connections')::int AS most,
            current_setting('superuser_reserved_connections')::int
              + coalesce(current_setting('reserved_connections', true)::int, 0) AS kept`,
  )
  const { most, kept } = rows[0]!
  const wanted = countConnections(all)
  if (wanted <= most - kept) return
  log.warn(
    { wanted, max_connections: most, reserved: kept },
    `this server may open ${wanted} connections and the database takes ${most - kept}: raise max_connections or lower CW_CONNECTIONS`,
  )
}
