import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import { getRecord } from '../../records/get-record.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { rightsOn } from '../../records/object-rights.ts'
import { tableOf } from '../../records/record-table.ts'

/** A record with the fields that are seen. Throws RECORD_NOT_FOUND, OBJECT_UNKNOWN. */
export type ReadRecord = (object: string, id: string) => Promise<JsonObject>

/** All of it: a document that a flow prints says the same whoever set the flow in motion. */
export function readAsEngine(unit: Unit): ReadRecord {
  return (object, id) => loadWhole(unit, tableOf(unit.served, object), id, 'flow')
}

/** What the person may read and nothing else, lines included. */
export function readAsPerson(unit: Unit): ReadRecord {
  return async (object, id) => {
    const { read } = rightsOn(unit.served, unit.actor, object)
    const { record } = await getRecord(unit, object, id, read ? { fields: [...read] } : {})
    return record as unknown as JsonObject
  }
}
