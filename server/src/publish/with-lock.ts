import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishLockedOut } from '@channelwright/runtime/errors/publishing.ts'
import type { Pool, PoolClient } from 'pg'
import { codeOf, isConflict, pause } from '../db/failures.ts'

/**
 * How long a change may wait for a table. Writers that come meanwhile queue behind it, so this and the change itself
 * must stay well under the 100 ms that a writer may be held up.
 */
const lockTimeout = '50ms'
/** How long is tried before the publish gives up; long reports hold a table that long. */
const patience = 60_000

/** Runs `work` in a transaction, waiting briefly for locks, again and again until it got them all. */
export async function inShortTransaction<T>(
  owner: Pool,
  about: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const until = Date.now() + patience
  for (let attempt = 0; ; attempt++) {
    const client = await owner.connect()
    let broken: Error | undefined
    try {
      await client.query(`BEGIN; SET LOCAL lock_timeout = '${lockTimeout}'`)
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => {
        broken = lost
      })
      if (!isLockTimeout(error) && !isConflict(error)) throw error
      if (Date.now() > until) throw new Refusal(publishLockedOut, { table: about })
    } finally {
      client.release(broken)
    }
    // Longer and longer, so that the queue behind us drains, and not in step with anybody else.
    await pause(Math.min(20 * 1.5 ** attempt, 1_000) * (0.5 + Math.random()))
  }
}

function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03'
}
