import type { Unit } from '../db/unit.ts'
import { fieldsRead } from '../records/object-rights.ts'
import { seenTable } from '../records/seen-table.ts'

/** What names each of these records, read with the unit's own rights; those that may not be read have no entry. */
export async function recordTitles(
  unit: Unit,
  wanted: readonly { readonly object: string; readonly record: string }[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>()
  for (const object of new Set(wanted.map((one) => one.object))) {
    // An object of an older release may be gone from the one in force: its records have no names any more.
    if (!unit.served.release.objects.has(object)) continue
    const table = seenTable(unit, object)
    const display = table.fields.get(table.object.display)
    if (!display?.column || !fieldsRead(unit.served, unit.actor, object).has(display.key)) continue
    const ids = wanted.filter((one) => one.object === object).map((one) => one.record)
    const rows = await unit.query<{ id: string; title: string | null }>(
      `SELECT t.id, t.${display.column}::text AS title FROM ${table.from} t WHERE t.id = ANY ($1::uuid[]) AND t.deleted_at IS NULL`,
      [ids],
    )
    for (const row of rows) if (row.title !== null) titles.set(row.id, row.title)
  }
  return titles
}
