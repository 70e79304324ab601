import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { listRecords, pageLimit } from '../records/list-records.ts'
import { fieldsRead } from '../records/object-rights.ts'
import { readyFlow } from './flow-data.ts'

/** What a line of an inbox tells of a record beside its name, and what references in it are called. */
export interface RecordFacts {
  readonly values: JsonObject
  readonly titles: Readonly<Record<string, string>>
}

/**
 * The fields that each flow tells with its cases (`settings.summary`, else its amount), read with the unit's own
 * rights; by the flow and the record.
 */
export async function recordFacts(
  unit: Unit,
  rows: readonly { readonly flow: string; readonly object: string; readonly record: string }[],
): Promise<(row: { readonly flow: string; readonly record: string }) => RecordFacts> {
  const found = new Map<string, RecordFacts>()
  for (const flow of new Set(rows.map((row) => row.flow))) {
    // As the release in force says: lists stand side by side, whatever a case began with.
    if (!unit.served.release.flows.has(flow)) continue
    const { object, settings } = readyFlow(unit.served, flow).flow
    const told = settings?.summary ?? (settings?.amount === undefined ? [] : [settings.amount])
    const readable = fieldsRead(unit.served, unit.actor, object)
    const fields = told.filter((key) => readable.has(key))
    if (fields.length === 0) continue
    const ids = [...new Set(rows.filter((row) => row.flow === flow).map((row) => row.record))]
    const filter = { in: [{ var: 'id' }, ids.slice(0, pageLimit)] }
    const { records, titles } = await listRecords(unit, object, { filter, fields, limit: pageLimit })
    for (const record of records) {
      const values = Object.fromEntries(fields.map((key) => [key, record[key] ?? null]))
      found.set(`${flow} ${record.id}`, { values, titles: titles ?? {} })
    }
  }
  return ({ flow, record }) => found.get(`${flow} ${record}`) ?? { values: {}, titles: {} }
}
