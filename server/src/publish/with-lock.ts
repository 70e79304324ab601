import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishLockedOut } from '@channelwright/runtime/errors/publishing.ts'
import type { Pool, PoolClient } from 'pg'
import { codeOf, isConflict, pause } from '../db/failures.ts'

/**
 * How long a change may wait for its first table, in milliseconds. Writers that come meanwhile queue behind it, so this
 * and the change itself must stay well under the 100 ms that a writer may be held up.
 */
const firstLock = 40
/** The same for further tables of one change: those it has already are waited for by everybody. */
const furtherLock = 10
/** How long is tried before the publish gives up; long reports hold a table that long. */
const patience = 60_000

/**
 * Runs `work` in a transaction, waiting briefly for locks, again and again until it got them all. What `work` gives back
 * are statements that need tables to themselves: they travel in one message with the end of the transaction, so that
 * writers wait for Postgres alone and never for this process to find time for its next step.
 */
export async function inShortTransaction(
  owner: Pool,
  about: string,
  work: (client: PoolClient) => Promise<readonly string[]>,
): Promise<void> {
  const until = Date.now() + patience
  for (let attempt = 0; ; attempt++) {
    const client = await owner.connect()
    let broken: Error | undefined
    try {
      await client.query(`BEGIN; SET LOCAL lock_timeout = ${firstLock}`)
      const last = await work(client)
      await client.query([...withTimeouts(last), 'COMMIT'].join(';\n'))
      return
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

/** Plain statements on one table, with all that is needed to keep it for a moment only. */
export function changeTable(owner: Pool, table: string, ...statements: string[]): Promise<void> {
  return inShortTransaction(owner, table, async () => statements)
}

function withTimeouts([first, ...further]: readonly string[]): string[] {
  if (first === undefined) return []
  return further.length ? [first, `SET LOCAL lock_timeout = ${furtherLock}`, ...further] : [first]
}

function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03'
}
