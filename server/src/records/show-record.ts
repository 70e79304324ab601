import type { RecordJson, RecordReply } from '@channelwright/runtime/api/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { getRecord } from './get-record.ts'
import { rightsOn } from './object-rights.ts'
import { mayBeLocked } from './record-lock.ts'
import { platformColumns, tableOf } from './record-table.ts'
import { mayWrite } from './row-rules.ts'
import { maskedColumns } from './seen-table.ts'

/**
 * A record that was just written, as its writer may read it. Titles cost one more query and come only when they are
 * asked for.
 */
export async function showRecord(
  unit: Unit,
  object: string,
  whole: JsonObject,
  expand: readonly string[],
): Promise<RecordReply> {
  const { read } = rightsOn(unit.served, unit.actor, object)
  if (read && (expand.length || mustBeRead(unit, object)))
    return getRecord(unit, object, whole.id as string, { expand })
  return cutRecord(unit, object, whole)
}

/** Whether only Postgres can say what of the record its writer may see, or whether it may still be changed. */
export function mustBeRead(unit: Unit, object: string): boolean {
  return mayBeLocked(unit.served, object) || maskedColumns(unit, tableOf(unit.served, object)).size > 0
}

/** The same without titles. Whoever may create but not read gets the platform's columns alone. */
export function cutRecord(unit: Unit, object: string, whole: JsonObject): RecordReply {
  const { read } = rightsOn(unit.served, unit.actor, object)
  const table = tableOf(unit.served, object)
  const shown: JsonObject = {}
  for (const name of platformColumns) shown[name] = whole[name] ?? null
  for (const key of read ?? []) shown[key] = whole[key] ?? null
  return { record: shown as RecordJson, titles: {}, may: mayWrite(unit, table, shown, null) }
}
