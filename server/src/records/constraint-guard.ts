import { createHash } from 'node:crypto'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import type { ReferenceCheck } from './check-references.ts'
import { explainRefusal } from './database-errors.ts'
import type { RecordTable } from './record-table.ts'
import { contextOf, holds, readyRule } from './rules.ts'

/**
 * Runs the statement that writes a record, and turns what Postgres refuses into the definition's own words. Where
 * the object has exclusive periods the statement stands behind a savepoint, so that the end of the taken period can
 * still be read, and behind a lock for each place it wants: writers of one place wait in line, where the constraint
 * alone would let them deadlock.
 */
export async function inGuard<T>(
  unit: Unit,
  table: RecordTable,
  record: JsonObject,
  check: ReferenceCheck,
  write: () => Promise<T>,
): Promise<T> {
  const places = findPlaces(unit, table, record)
  if (!places.length) {
    try {
      return await write()
    } catch (error) {
      throw await explain(unit, table, record, check, error)
    }
  }
  // Sent without waiting for each other: the answers come back in this order.
  const opening = [
    unit.query('SAVEPOINT cw_write'),
    unit.query('SELECT pg_advisory_xact_lock(place) FROM unnest($1::bigint[]) place', [places]),
  ]
  const [opened, written] = await Promise.allSettled([Promise.all(opening), write()])
  if (opened.status === 'rejected') throw opened.reason
  if (written.status === 'fulfilled') {
    // Travels with what comes next.
    unit.query('RELEASE SAVEPOINT cw_write').catch(() => undefined)
    return written.value
  }
  await unit.query('ROLLBACK TO SAVEPOINT cw_write')
  throw await explain(unit, table, record, check, written.reason)
}

async function explain(
  unit: Unit,
  table: RecordTable,
  record: JsonObject,
  check: ReferenceCheck,
  error: unknown,
): Promise<unknown> {
  const said = check.explain(error)
  return said instanceof Refusal ? said : explainRefusal(unit, table, record, error)
}

/** One number for each exclusive place that the record takes, in an order that is the same for everybody. */
function findPlaces(unit: Unit, table: RecordTable, record: JsonObject): string[] {
  const places = (table.object.exclusive ?? []).flatMap((exclusive) => {
    const values = [...exclusive.fields, exclusive.period].map((key) => record[key] ?? null)
    if (values.includes(null)) return []
    const { when } = exclusive
    if (when !== undefined) {
      const rule = readyRule(unit.served, table, `/exclusive/${exclusive['x-id']}/when`, when)
      if (!holds(rule, record, contextOf(unit))) return []
    }
    const place = JSON.stringify([table.from, exclusive['x-id'], values.slice(0, -1)])
    return createHash('sha256').update(place).digest().readBigInt64BE(0)
  })
  return [...new Set(places)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String)
}
