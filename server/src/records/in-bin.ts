import pg from 'pg'
import { trashRoleOf } from '../access/pg-role.ts'
import type { Unit } from '../db/unit.ts'
import type { Writer } from './write-record.ts'

/**
 * Runs as the twin of the person's role that may see the bin and put records into it or take them out. Everything
 * else hides deleted rows, by policy. Flows and seeds are the engine, which sees all.
 */
export async function inBin<T>(unit: Unit, by: Writer, work: () => Promise<T>): Promise<T> {
  if (by !== 'actor') return work()
  await unit.query(`SET LOCAL ROLE ${pg.escapeIdentifier(trashRoleOf(unit.actor.pgRole))}`)
  try {
    return await work()
  } finally {
    // In a failed transaction this fails too; the rollback undoes the role with everything else.
    await unit.query(`SET LOCAL ROLE ${pg.escapeIdentifier(unit.actor.pgRole)}`).catch(() => undefined)
  }
}
