import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { databaseUnavailable } from '@channelwright/runtime/errors/http.ts'
import pg, { type Pool, type PoolClient, type QueryResult } from 'pg'
import { engineRoleOf } from '../access/pg-role.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { isConflict, isUnavailable, pause } from './failures.ts'
import { dateInZone } from './time-zone.ts'

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
  /** Date of `now` in the workspace's time zone. */
  readonly today: string
  /** Bound parameters only (`$1`, …). */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Runs inside as the workspace's engine role (flows, plans, history), then returns to the actor's role. */
  asEngine<T>(work: () => Promise<T>): Promise<T>
  /**
   * Nothing more will be asked: the end of the transaction travels with the statements sent so far. For reading
   * units; a writing one must see its answers first.
   */
  finish(): void
  readonly client: PoolClient
}

/** What a committed write did to one record; handed to each follower of `records/followers.ts` before commit. */
export interface RecordChange {
  readonly object: string
  readonly id: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  /** A person, a flow's action, or a seed (demo data, givens of a case) that puts records in as they stand. */
  readonly by: 'actor' | 'flow' | 'seed'
}

/** A consequence of record writes, in the same transaction: flows that start, plans that become due. */
export type RecordFollower = (unit: Unit, change: RecordChange) => Promise<void>

export interface UnitOptions {
  /** How often the work may run again after a serialization failure or a deadlock; default 4. */
  readonly retries?: number
  readonly isolation?: 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
}

/**
 * Runs `work` in one transaction as `actor`. Commits when it returns, rolls back when it throws. After a
 * serialization failure or a deadlock the work runs again from its start, so it may touch nothing but the unit.
 * Refuses with DATABASE_UNAVAILABLE when Postgres can't be reached; a commit whose answer got lost counts as that.
 */
export async function inUnit<T>(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  work: (unit: Unit) => Promise<T>,
  options: UnitOptions = {},
): Promise<T> {
  const retries = options.retries ?? 4
  for (let attempt = 0; ; attempt++) {
    try {
      return await runOnce(services, served, actor, work, options)
    } catch (error) {
      if (isConflict(error) && attempt < retries) {
        await pause(2 ** attempt * 5 + Math.random() * 15)
        continue
      }
      if (error instanceof NeverBegan && attempt < 4) {
        await pause(2 ** attempt * 50)
        continue
      }
      if (isUnavailable(error) || error instanceof NeverBegan) throw new Refusal(databaseUnavailable)
      throw error
    }
  }
}

async function runOnce<T>(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  work: (unit: Unit) => Promise<T>,
  options: UnitOptions,
): Promise<T> {
  const now = services.clock.now()
  const today = dateInZone(now, served.workspace.timeZone)
  const client = await connect(services.login)
  corkUntilNextTick(client)
  // Not waited for: the connection is pipelined, so the first statement of the work travels with it. Should it fail,
  // so do all that follow: the login role alone may read nothing, and a failed transaction does nothing.
  const began = beginUnit(client, served, actor, now, today, options)
  began.catch(() => undefined)
  const end = (broken?: Error) => client.release(broken)
  const unit = createUnit(services, served, actor, client, now, today, options)
  try {
    const result = await work(unit)
    await began
    if (options.readOnly) {
      // Nothing depends on how the end of a reading transaction goes.
      unit.ended().then(() => end(), end)
      return result
    }
    // Postgres answers COMMIT of a failed transaction with ROLLBACK and no error: an error was swallowed on the way.
    if ((await unit.ended()).command !== 'COMMIT')
      throw new Error('the work hid a failure of its transaction')
    end()
    return result
  } catch (error) {
    const beginning = await began.then(
      () => null,
      (failure: unknown) => failure,
    )
    await client.query('ROLLBACK').then(
      () => end(),
      (lost: Error) => end(lost),
    )
    if (beginning !== null && isUnavailable(beginning)) throw new NeverBegan(beginning)
    throw error
  }
}

/** The connection was gone before anything happened on it: the work may be tried on another. */
class NeverBegan extends Error {
  constructor(cause: unknown) {
    super('the transaction never began', { cause })
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw isUnavailable(error) ? new NeverBegan(error) : error
  }
}

/**
 * Opens the transaction, becomes the actor and sets what policies read. The settings are one prepared statement:
 * Postgres would spend more on reading eight than on running them.
 */
async function beginUnit(
  client: PoolClient,
  served: ServedRelease,
  actor: Actor,
  now: string,
  today: string,
  options: UnitOptions,
): Promise<void> {
  const isolation = options.isolation ? ` ISOLATION LEVEL ${options.isolation.toUpperCase()}` : ''
  const values = [
    actor.pgRole,
    actor.user,
    actor.partner ?? '',
    `{${actor.partners.join(',')}}`,
    now,
    today,
    String(served.number),
  ]
  const begun = client.query(`BEGIN${isolation}${options.readOnly ? ' READ ONLY' : ''}`)
  const set = client.query({ name: 'cw_begin', text: settingsText, values })
  await Promise.all([begun, set])
}

const settingsText = `SELECT ${[
  'role',
  'cw.user',
  'cw.partner',
  'cw.partners',
  'cw.now',
  'cw.today',
  'cw.release',
]
  .map((name, at) => `set_config('${name}', $${at + 1}, true)`)
  .join(', ')}`

/**
 * Statements sent in one turn of the event loop leave in one packet: writing to the socket costs more than they do.
 * The stream is pg's own; without it they leave one by one.
 */
function corkUntilNextTick(client: PoolClient): void {
  const { connection } = client as unknown as { connection?: { stream?: { cork?(): void; uncork?(): void } } }
  const stream = connection?.stream
  if (!stream?.cork) return
  stream.cork()
  process.nextTick(() => stream.uncork?.())
}

interface RunningUnit extends Unit {
  /** The answer to the transaction's end, which is sent now if it was not yet. */
  ended(): Promise<QueryResult>
}

function createUnit(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  client: PoolClient,
  now: string,
  today: string,
  options: UnitOptions,
): RunningUnit {
  let ending: Promise<QueryResult> | undefined
  const actorRole = pg.escapeIdentifier(actor.pgRole)
  const engineRole = pg.escapeIdentifier(engineRoleOf(services.installation, served.workspace.key))
  let depth = 0
  return {
    services,
    actor,
    served,
    now,
    today,
    client,
    finish() {
      if (!options.readOnly || ending) return
      ending = client.query('COMMIT')
      ending.catch(() => undefined)
    },
    ended() {
      ending ??= client.query('COMMIT')
      return ending
    },
    async query<Row>(text: string, values?: readonly unknown[]) {
      const result = await client.query(text, values as unknown[])
      return result.rows as Row[]
    },
    async asEngine(work) {
      if (depth > 0) return work()
      depth++
      // Sent without waiting: the work's first statement travels along, and should this fail so does that.
      const entered = client.query(`SET LOCAL ROLE ${engineRole}`)
      entered.catch(() => undefined)
      try {
        const result = await work()
        await entered
        return result
      } catch (error) {
        await entered
        throw error
      } finally {
        depth--
        // In a failed transaction this fails too; the rollback that follows undoes the role with everything else.
        client.query(`SET LOCAL ROLE ${actorRole}`).catch(() => undefined)
      }
    },
  }
}
