import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { findKept, keepRecord } from './kept-records.ts'
import { readRecord, selectColumns } from './list-records.ts'
import { readableFields } from './object-rights.ts'
import { attachLines } from './record-lines.ts'
import type { RecordTable } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'
import type { Writer } from './write-record.ts'

/**
 * A record with every field it has. A person must be able to see the record; fields that they may not read are read
 * by the engine, because rules, flows and constraints are about the whole. Throws RECORD_NOT_FOUND.
 */
export async function loadWhole(
  unit: Unit,
  table: RecordTable,
  id: string,
  by: Writer,
  { deleted = false }: { readonly deleted?: boolean } = {},
): Promise<JsonObject> {
  if (by !== 'actor') {
    const kept = deleted ? undefined : findKept(unit, table, id, 'whole')
    if (kept) return kept
    const found = await unit.asEngine(() => selectWhole(unit, table, id, deleted, 'engine'))
    if (!deleted) keepRecord(unit, table, id, 'whole', found)
    return found
  }
  const readable = readableFields(unit.served, unit.actor, table.key)
  const seesAll = [...table.fields.keys()].every((key) => readable.has(key))
  if (seesAll) return selectWhole(unit, table, id, deleted, unit.actor.pgRole)
  const seen = await unit.query(`SELECT t.id FROM ${table.from} t WHERE t.id = $1 AND t.deleted_at IS NULL`, [
    id,
  ])
  if (!seen.length) throw new Refusal(recordNotFound)
  return unit.asEngine(() => selectWhole(unit, table, id, deleted, 'engine'))
}

async function selectWhole(
  unit: Unit,
  table: RecordTable,
  id: string,
  deleted: boolean,
  role: string,
): Promise<JsonObject> {
  const fields = [...table.fields.values()]
  const text = `SELECT ${selectColumns(fields).join(', ')} FROM ${table.from} t
     WHERE t.id = $1 AND t.deleted_at IS ${deleted ? 'NOT NULL' : 'NULL'}`
  // Its lines are asked for in the same message, before it is known whether there is such a record.
  const lines: JsonObject = { id }
  const [rows] = await Promise.all([runPrepared(unit, text, [id], role), attachLines(unit, fields, [lines])])
  const row = rows[0]
  if (!row) throw new Refusal(recordNotFound)
  return { ...readRecord(row, fields), ...lines, id: row.id as string }
}
