import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
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
  if (by !== 'actor') return unit.asEngine(() => selectWhole(unit, table, id, deleted, 'engine'))
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
  const rows = await runPrepared(
    unit,
    `SELECT ${selectColumns(fields).join(', ')} FROM ${table.from} t
     WHERE t.id = $1 AND t.deleted_at IS ${deleted ? 'NOT NULL' : 'NULL'}`,
    [id],
    role,
  )
  const row = rows[0]
  if (!row) throw new Refusal(recordNotFound)
  const record: JsonObject = { ...readRecord(row, fields) }
  await attachLines(unit, fields, [record])
  return record
}
