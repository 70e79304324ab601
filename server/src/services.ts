import type { Release } from '@channelwright/runtime/definition/release.ts'
import type { Clock, Ids } from '@channelwright/runtime/ports.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Knex } from 'knex'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Notices } from './db/notices.ts'
import type { FileStore } from './files/store.ts'

/** What the program is composed of, once. Made in `compose.ts`, closed in reverse order. */
export interface Services {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly ids: Ids
  /** Owner of all schemas: migrations, publishing, catalogue. Never serves a request's data. */
  readonly owner: Pool
  /** Login role of requests: neither owner nor BYPASSRLS; may only become one of the workspace roles. */
  readonly login: Pool
  /** As the owner, for the queue of jobs alone: what it commits may be lost when Postgres dies. */
  readonly queue: Pool
  /** Builds queries, runs migrations; holds no connection of its own in the request path. */
  readonly knex: Knex
  readonly releases: ReleaseStore
  /** Names this installation's Postgres roles; eight lower-case letters and digits, fixed when migrated first. */
  readonly installation: string
  /** What other servers on this database say: a release was switched, a membership changed. */
  readonly notices: Notices
  /** The bytes of what people send and documents that were printed. */
  readonly files: FileStore
}

export interface Workspace {
  readonly id: string
  readonly key: string
  readonly title: { en: string; zh: string }
  /** `ws_<key>`: the Postgres schema that holds everything it owns. */
  readonly schema: string
  readonly timeZone: string
  readonly demo: boolean
}

/** A published set of definitions, compiled, with the map of its tables. */
export interface ServedRelease {
  readonly workspace: Workspace
  readonly number: number
  readonly release: Release
  /** Object key → table and columns. Physical names are fixed when a table or column is made and never change. */
  readonly tables: ReadonlyMap<string, TableMap>
  /** Compiled ajv validators, SQL and the like, kept with the release that they belong to. */
  readonly cache: Map<string, unknown>
}

export interface TableMap {
  readonly object: string
  readonly table: string
  /** Field key → column name. */
  readonly columns: ReadonlyMap<string, string>
  /** Field key of a lines field → its child table. */
  readonly lines: ReadonlyMap<string, TableMap>
}

export interface ReleaseStore {
  /** The release that is in force now; undefined when the workspace has published nothing. */
  current(workspace: string): Promise<ServedRelease | undefined>
  /** An earlier release, for runs and records that are pinned to it. */
  at(workspace: string, number: number): Promise<ServedRelease>
  workspace(key: string): Promise<Workspace | undefined>
  /** Looks the release in force up anew at the next question; whoever publishes need not wait for the notice. */
  forget(workspace: string): void
}

/** Who acts, in one workspace. */
export interface Actor {
  readonly user: string
  readonly name: string
  readonly email: string
  readonly locale: Locale
  readonly roles: readonly string[]
  /** The organisation the person belongs to; null for the vendor's own people. */
  readonly partner: string | null
  /** That organisation and all below it. */
  readonly partners: readonly string[]
  /** The Postgres role of this set of roles. */
  readonly pgRole: string
}
