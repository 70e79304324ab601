import { createHash } from 'node:crypto'
import type { HistoryCause } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { databaseUnavailable } from '@channelwright/runtime/errors/http.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import pg, { type Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg'
import { engineRoleOf } from '../access/pg-role.ts'
import { type JobOrder, orderStatement, wakeForOrders } from '../jobs/order-jobs.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { type Statement, sendBatch } from './batch.ts'
import { isConflict, isUnavailable, pause } from './failures.ts'
import { joinWrites } from './join-writes.ts'
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
  /** The same, kept prepared on the connection under that name; one name, one text. */
  queryPrepared<Row = Record<string, unknown>>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]>
  /** Runs inside as the workspace's engine role (flows, plans, history), then returns to the actor's role. */
  asEngine<T>(work: () => Promise<T>): Promise<T>
  /** Within `asEngine`: asks inside as the actor again, with nothing but their rights; elsewhere that is so anyhow. */
  asActor<T>(work: () => Promise<T>): Promise<T>
  /**
   * A write whose rows nobody asks for, prepared under that name. Those that are sent in one turn reach Postgres as one
   * statement: none may need what another writes, nor touch a row that another touches, and their texts hold no `$` but
   * those of parameters.
   */
  write(name: string, text: string, values: readonly unknown[]): Promise<void>
  /** What was only tried failed, and the transaction began anew without it: see `Hasty`. */
  readonly isSecondTry: boolean
  /** Whole records as the engine has read or written them in this transaction, by `kept-records.ts`. */
  readonly records: Map<string, JsonObject>
  /** The role that statements run as at this moment: `engine`, or that of the actor. */
  playing(): string
  /** Writes inside say in history that this made them, in the name of the actor. */
  causedBy<T>(cause: WriteCause, work: () => Promise<T>): Promise<T>
  /**
   * Work for later, which exists if and only if the transaction commits. Sent with its end: whoever wants work of the
   * same key must wait for the row, and so waits for a commit and no longer.
   */
  orderJob(order: JobOrder): void
  /**
   * Nothing more will be asked: the end of the transaction travels with the statements sent so far. A unit that writes
   * may say so only where all that can still go wrong makes one of them fail, for that undoes them all.
   */
  finish(): void
  /** Done once the transaction has committed, and not otherwise: hints to others. May not fail. */
  afterCommit(work: () => void): void
}

/** What writes in the name of a person; kept with every row of history. */
export interface WriteCause extends Pick<HistoryCause, 'kind'> {
  /** Key of the flow, plan or import. */
  readonly key: string
  readonly run?: string
  /** x-id of the node. */
  readonly node?: string
}

/** What a committed write did to one record; handed to each follower of `records/followers.ts` before commit. */
export interface RecordChange {
  readonly object: string
  readonly id: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  /** A person, a flow's action, or a seed (demo data, givens of a case) that puts records in as they stand. */
  readonly by: 'actor' | 'flow' | 'seed'
  /** Whom the person chose for steps of the flows that this starts: flow → step → people. */
  readonly picks?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
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
  let isSecondTry = false
  for (let attempt = 0; ; attempt++) {
    try {
      return await runOnce(services, served, actor, work, options, isSecondTry)
    } catch (thrown) {
      const error = thrown instanceof Hasty ? firstFailure(thrown.cause) : thrown
      if (thrown instanceof Hasty && !isConflict(error) && !isUnavailable(error)) {
        isSecondTry = true
        continue
      }
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
  isSecondTry: boolean,
): Promise<T> {
  const now = services.clock.now()
  const today = dateInZone(now, served.workspace.timeZone)
  const client = await connect(services.login)
  const line = openLine(client, served, actor, now, today, options)
  const end = (broken?: Error) => client.release(broken)
  const after: (() => void)[] = []
  const orders: JobOrder[] = []
  const playEngine = playRole(pg.escapeIdentifier(engineRoleOf(services.installation, served.workspace.key)))
  let ending: Promise<QueryResult> | undefined
  const finish = () => {
    ending ??= endWith(line, orders, playEngine)
    ending.catch(() => undefined)
    return ending
  }
  try {
    const own = { after, orders, finish, isSecondTry }
    const unit = createUnit(services, served, actor, line, now, today, own)
    const result = await work(unit)
    await line.began
    if (options.readOnly) {
      // Nothing depends on how the end of a reading transaction goes.
      line.end().then(() => end(), end)
      return result
    }
    // Postgres answers COMMIT of a failed transaction with ROLLBACK and no error: an error was swallowed on the way.
    if ((await finish()).command !== 'COMMIT') throw new Error('the work hid a failure of its transaction')
    end()
    wakeForOrders(services, orders)
    for (const work of after) work()
    return result
  } catch (error) {
    line.abandon()
    if (!line.isSent()) {
      end()
      throw error
    }
    const beginning = await line.began.then(
      () => null,
      (failure: unknown) => failure,
    )
    await client.query('ROLLBACK').then(
      () => end(),
      (lost: Error) => end(lost),
    )
    if (beginning !== null && isUnavailable(beginning)) throw new NeverBegan(beginning)
    throw firstFailure(error)
  }
}

/** The end of a transaction, with what it orders of the queue before it. */
async function endWith(
  line: Line,
  orders: readonly JobOrder[],
  playEngine: QueryConfig,
): Promise<QueryResult> {
  if (orders.length === 0) return line.end()
  const [, , end] = await Promise.all([line.send(playEngine), line.send(orderStatement(orders)), line.end()])
  return end
}

/** Of statements sent together any may be heard of first; what went wrong is told by the one that failed. */
function firstFailure(error: unknown): unknown {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown }
  return code === '25P02' && cause !== undefined ? cause : error
}

/**
 * Something that may as well be done later, by a job, failed when it was tried in this transaction: thrown, it makes
 * the transaction begin anew with `isSecondTry`, in which it is not tried. Cheaper than a savepoint, for it is rare.
 */
export class Hasty extends Error {
  constructor(cause: unknown) {
    super('what was tried at once failed', { cause })
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

const settings = [
  'role',
  'cw.user',
  'cw.partner',
  'cw.partners',
  'cw.now',
  'cw.today',
  'cw.release',
  'transaction_read_only',
].map((name, at) => `set_config('${name}', $${at + 1}, true)`)

/** What the functions answer is what they were given: in a condition that never holds, nothing of it travels back. */
const settingsText = `SELECT WHERE num_nonnulls(${settings.join(', ')}) = 0`

/** The statements of one transaction on their way to Postgres. */
interface Line {
  /** Settles when the transaction is open and plays its actor; never unhandled. */
  readonly began: Promise<unknown>
  /** `joins`: may be sent as one statement with those beside it. */
  send(config: QueryConfig, joins?: boolean): Promise<QueryResult>
  /** The end of the transaction is sent with what waits; its answer. Sent once, however often it is asked for. */
  end(): Promise<QueryResult>
  /** What waits is sent no more. */
  abandon(): void
  /** Whether Postgres has heard of the transaction. */
  isSent(): boolean
  /** Whether its end was asked for. */
  isEnding(): boolean
}

/**
 * Statements that are asked for in one turn of the event loop leave together at its end, the opening of the
 * transaction before them: it is not waited for. Should it fail so do all that follow; the login role alone may read
 * nothing. The settings are one prepared statement: Postgres would spend more on reading eight than on running them.
 */
function openLine(
  client: PoolClient,
  served: ServedRelease,
  actor: Actor,
  now: string,
  today: string,
  options: UnitOptions,
): Line {
  let waiting: Statement[] = []
  let scheduled = false
  let sent = false
  let abandoned: Error | undefined
  let ending: Promise<QueryResult> | undefined
  const flush = () => {
    scheduled = false
    const statements = waiting
    waiting = []
    if (statements.length === 0) return
    const isWhole = !sent && ending !== undefined && !options.isolation
    const plain = isWhole ? withoutFrame(statements) : null
    sent = true
    sendBatch(client, joinWrites(plain ?? statements), plain !== null)
  }
  const send = (config: QueryConfig, joins = false) =>
    new Promise<QueryResult>((resolve, reject) => {
      if (abandoned) return reject(abandoned)
      // It would run by itself, in no transaction and for nobody.
      if (ending) return reject(new Error('the transaction has been told to end'))
      waiting.push({ config, resolve, reject, joins })
      if (scheduled) return
      scheduled = true
      process.nextTick(flush)
    })
  const isolation = options.isolation ? ` ISOLATION LEVEL ${options.isolation.toUpperCase()}` : ''
  const opening = `BEGIN${isolation}`
  const values = [
    actor.pgRole,
    actor.user,
    actor.partner ?? '',
    `{${actor.partners.join(',')}}`,
    now,
    today,
    String(served.number),
    options.readOnly ? 'on' : 'off',
  ]
  const began = Promise.all([
    send({ name: opening, text: opening }),
    send({ name: 'cw_begin', text: settingsText, values }),
  ])
  began.catch(() => undefined)
  return {
    began,
    send,
    end() {
      ending ??= send({ name: 'COMMIT', text: 'COMMIT' })
      ending.catch(() => undefined)
      return ending
    },
    abandon() {
      abandoned = new Error('the transaction is being rolled back')
      for (const statement of waiting.splice(0)) statement.reject(abandoned)
    },
    isSent: () => sent,
    isEnding: () => ending !== undefined,
  }
}

/**
 * What is sent as one message is one transaction, so work that is all there needs no BEGIN and no COMMIT: they are
 * answered with what stands beside them. Null where a statement only means something inside a block.
 */
function withoutFrame(statements: readonly Statement[]): readonly Statement[] | null {
  const [begin, settings, ...rest] = statements
  const commit = rest.pop()
  const last = rest.pop()
  const isPlain = [...rest, last].every((one) => /^(SELECT|INSERT INTO|UPDATE) /.test(one?.config.text ?? ''))
  if (!begin || !settings || !last || !commit || !isPlain) return null
  return [answerToo(settings, begin), ...rest, answerToo(last, commit)]
}

function answerToo(statement: Statement, frame: Statement): Statement {
  return {
    config: statement.config,
    joins: statement.joins,
    resolve(result) {
      statement.resolve(result)
      frame.resolve({ ...result, command: frame.config.name! })
    },
    reject(error) {
      statement.reject(error)
      frame.reject(error)
    },
  }
}

function createUnit(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  line: Line,
  now: string,
  today: string,
  own: {
    readonly after: (() => void)[]
    readonly orders: JobOrder[]
    readonly isSecondTry: boolean
    finish(): unknown
  },
): Unit {
  const actorRole = pg.escapeIdentifier(actor.pgRole)
  const engineRole = pg.escapeIdentifier(engineRoleOf(services.installation, served.workspace.key))
  let depth = 0
  const records = new Map<string, JsonObject>()
  return {
    records,
    services,
    actor,
    served,
    now,
    today,
    orderJob(order) {
      if (line.isEnding()) throw new Error('the transaction has been told to end')
      own.orders.push(order)
    },
    finish() {
      own.finish()
    },
    afterCommit(work) {
      own.after.push(work)
    },
    query: (text, values) => rowsOf(line, { text, values: values as unknown[] }),
    queryPrepared: (name, text, values) => rowsOf(line, { name, text, values: values as unknown[] }),
    async asEngine(work) {
      if (depth > 0) return work()
      depth++
      try {
        return await between(line, playRole(engineRole), work, playRole(actorRole))
      } finally {
        depth--
      }
    },
    async asActor(work) {
      if (depth === 0) return work()
      depth--
      try {
        return await between(line, playRole(actorRole), work, playRole(engineRole))
      } finally {
        depth++
      }
    },
    playing: () => (depth > 0 ? 'engine' : actor.pgRole),
    isSecondTry: own.isSecondTry,
    async write(name, text, values) {
      await rowsOf(line, { name, text, values: values as unknown[] }, true)
    },
    causedBy: (cause, work) => between(line, nameCause(JSON.stringify(cause)), work, nameCause('')),
  }
}

const playing = new Map<string, QueryConfig>()

function playRole(role: string): QueryConfig {
  const kept = playing.get(role)
  if (kept) return kept
  const text = `SET LOCAL ROLE ${role}`
  // Postgres reads 63 letters of a name, and roles have as many.
  const made = { name: createHash('sha1').update(text).digest('base64url'), text }
  // Schemas in which cases run come and go, their roles with them.
  if (playing.size >= 1_000) playing.clear()
  playing.set(role, made)
  return made
}

function nameCause(cause: string): QueryConfig {
  return { name: 'cw_cause', text: "SELECT set_config('cw.cause', $1, true)", values: [cause] }
}

/** Sent without waiting: the work's first statement travels along, and should the first fail so does that. */
async function between<T>(
  line: Line,
  before: QueryConfig,
  work: () => Promise<T>,
  after: QueryConfig,
): Promise<T> {
  const entered = line.send(before)
  entered.catch(() => undefined)
  try {
    const result = await work()
    await entered
    return result
  } catch (error) {
    await entered
    throw error
  } finally {
    // In a failed transaction this fails too; the rollback that follows undoes what was set with everything else. Behind
    // the end of the transaction there is nothing left to undo, and what came so late would reach another's.
    if (!line.isEnding()) line.send(after).catch(() => undefined)
  }
}

async function rowsOf<Row>(line: Line, config: QueryConfig, joins = false): Promise<Row[]> {
  try {
    return (await line.send(config, joins)).rows as Row[]
  } catch (error) {
    // Where the answer arrived says nothing; who asked does.
    if (error instanceof Error) Error.captureStackTrace(error)
    throw error
  }
}
