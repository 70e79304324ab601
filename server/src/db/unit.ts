import type { PoolClient } from 'pg'
import type { Actor, ServedRelease, Services } from '../services.ts'

/**
 * One transaction on behalf of one actor: the Postgres role is set, the settings that policies read are set, and
 * everything inside happens or does not happen together.
 */
export interface Unit {
  readonly services: Services
  readonly actor: Actor
  readonly served: ServedRelease
  /** Instant of the transaction, from the clock port; the same for everything in it. */
  readonly now: string
  /** Bound parameters only (`$1`, …). */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Runs inside as the workspace's engine role (flows, plans, history), then returns to the actor's role. */
  asEngine<T>(work: () => Promise<T>): Promise<T>
  readonly client: PoolClient
}

/** What a committed write did to one record; handed to each follower of `records/followers.ts` before commit. */
export interface RecordChange {
  readonly object: string
  readonly id: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** A consequence of record writes, in the same transaction: flows that start, plans that become due. */
export type RecordFollower = (unit: Unit, change: RecordChange) => Promise<void>
