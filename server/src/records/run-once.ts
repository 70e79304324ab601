import { createHash } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { idempotencyConflict, idempotencyKeyInvalid } from '@channelwright/runtime/errors/records.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'

/** An answer as it can be given again. */
export interface StoredReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface OnceRequest {
  readonly key: string
  /** Method, path and query. */
  readonly target: string
  readonly body: unknown
}

/**
 * Does the work once per person and key, and gives later callers the same answer. The key is taken in the work's
 * own transaction: of two at once the second waits for the first, and a refused write leaves the key free.
 * Throws IDEMPOTENCY_CONFLICT when the key came with another request.
 */
export async function runOnce(
  unit: Unit,
  request: OnceRequest,
  work: () => Promise<StoredReply>,
): Promise<StoredReply> {
  if (!/^[\x21-\x7e]{1,200}$/.test(request.key)) throw new Refusal(idempotencyKeyInvalid)
  const table = quoteTable(unit.served.workspace.schema, 'cw_idempotency')
  const hash = createHash('sha256')
    .update(`${request.target}\n${JSON.stringify(request.body ?? null)}`)
    .digest('hex')
  const owner = [unit.actor.user, request.key]
  const taken = await unit.query(
    `INSERT INTO ${table} (actor, key, request_hash, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (actor, key) DO NOTHING RETURNING key`,
    [...owner, hash, unit.now],
  )
  if (!taken.length) {
    const [kept] = await unit.query<StoredReply & { request_hash: string }>(
      `SELECT request_hash, status, headers, body FROM ${table} WHERE actor = $1 AND key = $2`,
      owner,
    )
    if (kept?.request_hash !== hash || kept.status === null) throw new Refusal(idempotencyConflict)
    return {
      status: kept.status,
      headers: { ...kept.headers, 'Idempotency-Replayed': 'true' },
      body: kept.body,
    }
  }
  const reply = await work()
  await unit.query(`UPDATE ${table} SET status = $3, headers = $4, body = $5 WHERE actor = $1 AND key = $2`, [
    ...owner,
    reply.status,
    JSON.stringify(reply.headers),
    JSON.stringify(reply.body),
  ])
  return reply
}
