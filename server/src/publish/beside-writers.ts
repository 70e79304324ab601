import type { Pool, PoolClient } from 'pg'

/**
 * Long work leaves room for those who write meanwhile: one processor and no more, sorting in memory rather than on the
 * disk that they wait for. Nothing here waits for the disk at its own commits either: whatever a power cut took back was
 * before the switch, whose commit waits for all that came before it, and the next publish does it again.
 */
const gentle = `SET max_parallel_maintenance_workers = 0; SET max_parallel_workers_per_gather = 0;
  SET maintenance_work_mem = '128MB'; SET synchronous_commit = off`
const ordinary = `RESET max_parallel_maintenance_workers; RESET max_parallel_workers_per_gather;
  RESET maintenance_work_mem; RESET synchronous_commit; RESET cw.backfill`

/** A connection for index builds, validations and backfills on tables that are written meanwhile. */
export async function besideWriters<T>(owner: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await owner.connect()
  let broken: Error | undefined
  try {
    await client.query(gentle)
    return await work(client)
  } finally {
    await client.query(ordinary).catch((lost: Error) => {
      broken = lost
    })
    client.release(broken)
  }
}
