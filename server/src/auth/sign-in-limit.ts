import { createHash } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { tooManyRequests } from '@channelwright/runtime/errors/http.ts'
import type { Services } from '../services.ts'

const maxFailures = 10
const windowMinutes = 15

/**
 * Refuses with TOO_MANY_REQUESTS when the account has had too many wrong passwords lately. Counts before the password
 * is looked at, so that many guesses at once are counted one by one; `forgetFailures` after a right one.
 */
export async function countAttempt({ owner }: Pick<Services, 'owner'>, email: string): Promise<void> {
  const { rows } = await owner.query<{ count: number; seconds: number }>(
    `INSERT INTO channelwright.sign_in_failure AS f (account, count, since) VALUES ($1, 1, now())
     ON CONFLICT (account) DO UPDATE SET
       count = CASE WHEN f.since < now() - make_interval(mins => $2) THEN 1 ELSE f.count + 1 END,
       since = CASE WHEN f.since < now() - make_interval(mins => $2) THEN now() ELSE f.since END
     RETURNING count, ceil(extract(epoch FROM since + make_interval(mins => $2) - now()))::int AS seconds`,
    [hashEmail(email), windowMinutes],
  )
  const { count, seconds } = rows[0]!
  if (count > maxFailures) throw new Refusal(tooManyRequests, { seconds })
}

export async function forgetFailures({ owner }: Pick<Services, 'owner'>, email: string): Promise<void> {
  await owner.query('DELETE FROM channelwright.sign_in_failure WHERE account = $1', [hashEmail(email)])
}

function hashEmail(email: string): Buffer {
  return createHash('sha256').update(email).digest()
}
