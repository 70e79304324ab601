import pg, { type PoolClient, type QueryConfig, type QueryResult } from 'pg'

/** One statement that waits to be sent, and whom its answer is for. */
export interface Statement {
  readonly config: QueryConfig
  /** Its rows are not asked for: it may be sent as a part of another. */
  readonly joins?: boolean
  resolve(result: QueryResult): void
  reject(error: unknown): void
}

/** What of the driver's inside a batch touches; the driver is pinned, and the tests of units run through all of it. */
interface Connection {
  readonly stream: { readonly writable: boolean; write(bytes: Uint8Array): boolean }
  readonly parsedStatements: Record<string, string>
  readonly submittedNamedStatements: Record<string, string>
  /** What every message goes through. */
  _send(message: Buffer): boolean
}

interface DriverQuery {
  name?: string | undefined
  text?: string | undefined
  values?: unknown[] | undefined
  queryMode?: string
  callback?: (error: unknown, result: QueryResult) => void
  _accumulateRows?: unknown
  _result: DriverResult
  submit(connection: Connection): Error | null
  handleRowDescription(message: unknown): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: Connection): void
  handleReadyForQuery(connection: Connection): void
  handleError(error: unknown, connection: Connection): void
}

/** What the driver makes of a description of rows. */
interface Description {
  readonly fields: unknown
  readonly _parsers: unknown
  readonly _prebuiltEmptyResultObject: unknown
}

interface DriverResult extends Description {
  _types?: unknown
}

const DriverQuery = pg.Query as unknown as new (text: string) => DriverQuery

/**
 * How the rows of a prepared statement look, by its name: Postgres refuses to run one whose rows would look otherwise
 * by now, so to be told once is enough.
 */
const described = new WeakMap<object, Map<string, Description>>()

function descriptionsOf(connection: object): Map<string, Description> {
  const kept = described.get(connection)
  if (kept) return kept
  const made = new Map<string, Description>()
  described.set(connection, made)
  return made
}

/** SQLSTATE of a statement in a transaction that failed before it. */
const inFailedTransaction = '25P02'

/** The protocol's Sync. */
const endOfBatch = Buffer.from([0x53, 0, 0, 0, 4])

/**
 * Sends the statements as one message with one end. The driver would end each by itself, and Postgres answers every
 * end with a packet of its own: for short statements those cost more than the statements do. After a failure Postgres
 * leaves out the rest; each of them is refused with SQLSTATE 25P02, as in any failed transaction. Where the end of the
 * message is the end of its transaction (`commits`), the last statement is answered when that has come about.
 */
export function sendBatch(client: PoolClient, statements: readonly Statement[], commits = false): void {
  client.query(new Batch(statements, commits) as unknown as pg.Submittable)
}

/** A query to the driver, which hands on what it hears to the statement whose turn it is. */
class Batch extends DriverQuery {
  /** Those that Postgres has not answered; the answers come in the order of sending. */
  readonly #open: DriverQuery[]
  readonly #commits: boolean
  /** Done but for the commit. */
  #last: DriverQuery | undefined
  #descriptions: Map<string, Description> | undefined

  constructor(statements: readonly Statement[], commits: boolean) {
    super('')
    this.#commits = commits
    this.#open = statements.map(toDriver)
    this.#name()
  }

  /** The driver keeps, by the name of the query at hand, which statements are prepared. */
  #name(): void {
    this.name = this.#open[0]?.name
    this.text = this.#open[0]?.text
  }

  override submit(connection: Connection): null {
    this.#descriptions = descriptionsOf(connection)
    // One buffer: to hand the socket a dozen small ones costs more than to join them.
    const messages: Buffer[] = []
    const collect = (message: Buffer) => messages.push(message) > 0
    const collector: Connection = Object.create(connection, {
      stream: { value: { writable: true } },
      sync: { value: () => undefined },
      _send: { value: collect },
    })
    const collectorOfKnown: Connection = Object.create(collector, { describe: { value: () => undefined } })
    for (const [at, query] of this.#open.entries()) {
      query._result._types ??= this._result._types
      const before = messages.length
      const isNew = query.name !== undefined && !(query.name in connection.submittedNamedStatements)
      const isKnown = this.#recall(query, connection)
      const fault = this.#submitOne(query, isKnown ? collectorOfKnown : collector)
      if (fault === null) continue
      // Values that cannot be sent. What stands before them is under way; this and the rest stay here.
      messages.length = before
      if (isNew) delete connection.submittedNamedStatements[query.name!]
      for (const unsent of this.#open.splice(at)) unsent.handleError(fault, connection)
      break
    }
    if (connection.stream.writable) connection.stream.write(Buffer.concat([...messages, endOfBatch]))
    return null
  }

  /** Whether the statement is prepared and its rows are known; they need not be described again then. */
  #recall(query: DriverQuery, connection: Connection): boolean {
    const { name } = query
    if (name === undefined || connection.parsedStatements[name] === undefined) return false
    const description = this.#descriptions?.get(name)
    if (!description) return false
    Object.assign(query._result, description)
    query._accumulateRows = true
    return true
  }

  #submitOne(query: DriverQuery, connection: Connection): unknown {
    let fault: unknown = null
    const { handleError } = query
    query.handleError = (error) => {
      fault = error
    }
    fault = query.submit(connection) ?? fault
    query.handleError = handleError
    return fault
  }

  override handleRowDescription(message: unknown): void {
    this.#open[0]?.handleRowDescription(message)
  }

  /** Told with the first answer; a statement without rows has a description too, an empty one. */
  #remember({ name, _result }: DriverQuery): void {
    if (name === undefined || this.#descriptions?.has(name)) return
    const { fields, _parsers, _prebuiltEmptyResultObject } = _result
    this.#descriptions?.set(name, { fields, _parsers, _prebuiltEmptyResultObject })
  }

  override handleDataRow(message: unknown): void {
    this.#open[0]?.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    const query = this.#open.shift()
    if (query) this.#remember(query)
    this.#name()
    query?.handleCommandComplete(message, connection)
    if (this.#commits && this.#open.length === 0) this.#last = query
    else query?.handleReadyForQuery(connection)
  }

  override handleReadyForQuery(connection: Connection): void {
    this.#last?.handleReadyForQuery(connection)
  }

  override handleError(error: unknown, connection: Connection): void {
    const [failed, ...skipped] = this.#last ? [this.#last] : this.#open.splice(0)
    this.#last = undefined
    const isAnswer = error instanceof pg.DatabaseError
    const rest = isAnswer
      ? Object.assign(new Error('a statement before this one failed', { cause: error }), {
          code: inFailedTransaction,
        })
      : error
    // Postgres never saw them: the next of that name has to be prepared.
    for (const { name } of skipped) if (name) delete connection.submittedNamedStatements[name]
    failed?.handleError(error, connection)
    for (const query of skipped) query.handleError(rest, connection)
  }
}

/** Its parts are set one by one: what is given whole the driver copies property by property, descriptors and all. */
function toDriver({ config, resolve, reject }: Statement): DriverQuery {
  const query = new DriverQuery(config.text)
  query.name = config.name
  query.values = config.values
  query.queryMode = 'extended'
  query.callback = (error, result) => (error ? reject(error) : resolve(result))
  return query
}
