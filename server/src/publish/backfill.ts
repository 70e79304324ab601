import type { Pool } from 'pg'
import { pause } from '../db/failures.ts'
import { besideWriters } from './beside-writers.ts'
import { quoteTable } from './quote.ts'

const mostRows = 5_000
/** A batch keeps its rows from other writers while it runs: milliseconds that it aims at. */
const longestBatch = 15
/** The pause after a batch is never longer, in milliseconds: a machine that is always busy still gets its release. */
const longestPause = 100

/**
 * Sets values on all rows that want it, in batches that commit one by one. Their size follows the time they take, so
 * that nobody who writes one of the rows waits long; after each the writers have the machine to themselves for as long
 * again, and for longer after a batch that went slower than most: others want the disk or the processor then. May be cut
 * short and run again at any time.
 */
export async function backfill(
  owner: Pool,
  schema: string,
  table: string,
  set: string,
  where: string,
): Promise<void> {
  await besideWriters(owner, async (client) => {
    // Known to the history trigger: filling a default is no change of a person. Only an owner's session may say so.
    await client.query(`SET cw.backfill = 'on'`)
    let after = '00000000-0000-0000-0000-000000000000'
    let size = 100
    let usual = 0
    for (;;) {
      const begun = performance.now()
      const { rows } = await client.query<{ last: string | null }>(
        // Rows are found first, without a lock; only those that are written are kept from others.
        `WITH batch AS MATERIALIZED (
           SELECT t.id FROM ${quoteTable(schema, table)} t WHERE t.id > $1 AND (${where}) ORDER BY t.id LIMIT ${size}),
              done AS (UPDATE ${quoteTable(schema, table)} t SET ${set} FROM batch b WHERE t.id = b.id AND (${where}))
         SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last`,
        [after],
      )
      const last = rows[0]?.last
      if (!last) return
      after = last
      const took = performance.now() - begun
      const each = took / size
      await pause(Math.min(took * (usual ? Math.max(1, Math.min(each / usual, 4)) : 1), longestPause))
      usual = usual ? usual * 0.9 + each * 0.1 : each
      size = Math.max(50, Math.min(mostRows, Math.floor((size * longestBatch) / Math.max(took, 1))))
    }
  })
}
