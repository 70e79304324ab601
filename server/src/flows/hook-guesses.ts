import { createHash } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { tooManyRequests } from '@channelwright/runtime/errors/http.ts'
import type { Services } from '../services.ts'

// Messages that were refused, by address and for all servers: counted by flow, anybody could shut one off.

const mostGuesses = 60
const windowSeconds = 60

/** Refuses with TOO_MANY_REQUESTS an address of which too many messages were refused within the minute. */
export async function refuseGuessing({ owner, clock }: Services, address: string): Promise<void> {
  const { rows } = await owner.query<{ seconds: number }>(
    `SELECT ceil(extract(epoch FROM since + make_interval(secs => $3) - $2::timestamptz))::integer AS seconds
     FROM channelwright.hook_guess
     WHERE address = $1 AND count >= $4 AND since > $2::timestamptz - make_interval(secs => $3) AND since <= $2`,
    [hashAddress(address), clock.now(), windowSeconds, mostGuesses],
  )
  if (rows[0] !== undefined) throw new Refusal(tooManyRequests, { seconds: Math.max(1, rows[0].seconds) })
}

/** One more; now and then those that count no more are taken away. */
export async function countGuess({ owner, clock }: Services, address: string): Promise<void> {
  const now = clock.now()
  const { rows } = await owner.query<{ count: number }>(
    `INSERT INTO channelwright.hook_guess AS g (address, count, since) VALUES ($1, 1, $2)
     ON CONFLICT (address) DO UPDATE SET
       count = CASE WHEN g.since > $2::timestamptz - make_interval(secs => $3) AND g.since <= $2 THEN g.count + 1 ELSE 1 END,
       since = CASE WHEN g.since > $2::timestamptz - make_interval(secs => $3) AND g.since <= $2 THEN g.since ELSE $2 END
     RETURNING count`,
    [hashAddress(address), now, windowSeconds],
  )
  if (rows[0]?.count === 1)
    await owner.query(
      `DELETE FROM channelwright.hook_guess WHERE address IN (
         SELECT address FROM channelwright.hook_guess
         WHERE since < $1::timestamptz - make_interval(secs => $2) LIMIT 100 FOR UPDATE SKIP LOCKED)`,
      [now, windowSeconds],
    )
}

function hashAddress(address: string): Buffer {
  return createHash('sha256').update(address).digest()
}
