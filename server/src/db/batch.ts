import pg, { type PoolClient, type QueryConfig, type QueryResult } from 'pg'

/** One statement that waits to be sent, and whom its answer is for. */
export interface Statement {
  readonly config: QueryConfig
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
  _result: { _types?: unknown }
  submit(connection: Connection): Error | null
  handleRowDescription(message: unknown): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: Connection): void
  handleReadyForQuery(connection: Connection): void
  handleError(error: unknown, connection: Connection): void
}

const DriverQuery = pg.Query as unknown as new (config: object) => DriverQuery

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

  constructor(statements: readonly Statement[], commits: boolean) {
    super({ text: '' })
    this.#commits = commits
    this.#open = statements.map(
      ({ config, resolve, reject }) =>
        new DriverQuery({
          ...config,
          queryMode: 'extended',
          callback: (error: unknown, result: QueryResult) => (error ? reject(error) : resolve(result)),
        }),
    )
    this.#name()
  }

  /** The driver keeps, by the name of the query at hand, which statements are prepared. */
  #name(): void {
    this.name = this.#open[0]?.name
    this.text = this.#open[0]?.text
  }

  override submit(connection: Connection): null {
    // One buffer: to hand the socket a dozen small ones costs more than to join them.
    const messages: Buffer[] = []
    const collector: Connection = Object.create(connection, {
      stream: { value: { writable: true } },
      sync: { value: () => undefined },
      _send: { value: (message: Buffer) => messages.push(message) > 0 },
    })
    for (const [at, query] of this.#open.entries()) {
      query._result._types ??= this._result._types
      const before = messages.length
      const isNew = query.name !== undefined && !(query.name in connection.submittedNamedStatements)
      const fault = this.#submitOne(query, collector)
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

  override handleDataRow(message: unknown): void {
    this.#open[0]?.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    const query = this.#open.shift()
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
