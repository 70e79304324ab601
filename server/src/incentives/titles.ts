import type { Unit } from '../db/unit.ts'
import { rightsOn } from '../records/object-rights.ts'
import { seenTable } from '../records/seen-table.ts'

/**
 * Titles of those of the records that the actor may read, by id. Read with the actor's own rights: what is not theirs
 * has no entry.
 */
export async function readTitles(
  unit: Unit,
  object: string,
  ids: Iterable<string>,
): Promise<Record<string, string>> {
  const wanted = [...new Set(ids)]
  const table = seenTable(unit, object)
  const display = table.fields.get(table.object.display)
  const { read } = rightsOn(unit.served, unit.actor, object)
  if (wanted.length === 0 || !display?.column || !read?.has(display.key)) return {}
  const rows = await unit.query<{ id: string; title: string | null }>(
    `SELECT t.id, t.${display.column}::text AS title FROM ${table.from} AS t
     WHERE t.id = ANY($1::uuid[]) AND t.deleted_at IS NULL`,
    [wanted],
  )
  return Object.fromEntries(rows.map((row) => [row.id, row.title ?? '']))
}

/** Titles of the organisations that earn. */
export async function readEarnerTitles(unit: Unit, ids: Iterable<string>): Promise<Record<string, string>> {
  const { party } = unit.served.release
  return party === null ? {} : readTitles(unit, party, ids)
}
