import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'

/** The sort keys of the last row of a page, as the texts Postgres compares by; the id stands last. */
export type CursorKeys = readonly (string | null)[]

const signatureLength = 22

/**
 * A page's end as an opaque text. It is signed together with `list` (object, sort, order), so a cursor of another
 * list, or one that somebody wrote, is refused instead of being compared.
 */
export function writeCursor(secret: string, list: string, keys: CursorKeys): string {
  const payload = Buffer.from(JSON.stringify(keys), 'utf8').toString('base64url')
  return sign(secret, list, payload) + payload
}

/** Throws CURSOR_INVALID. */
export function readCursor(secret: string, list: string, cursor: string, count: number): CursorKeys {
  const payload = cursor.slice(signatureLength)
  const given = Buffer.from(cursor.slice(0, signatureLength))
  const expected = Buffer.from(sign(secret, list, payload))
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Refusal(cursorInvalid)
  const keys: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  if (!Array.isArray(keys) || keys.length !== count) throw new Refusal(cursorInvalid)
  return keys as CursorKeys
}

function sign(secret: string, list: string, payload: string): string {
  return createHmac('sha256', secret)
    .update(`cursor\n${list}\n${payload}`)
    .digest('base64url')
    .slice(0, signatureLength)
}
