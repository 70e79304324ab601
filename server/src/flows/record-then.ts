import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowReplayGone } from '@channelwright/runtime/errors/flow-trials.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit, WriteCause } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { loadWhole } from '../records/load-whole.ts'
import { type RecordField, type RecordTable, readColumn } from '../records/record-table.ts'

/** One write of a record since then. */
export interface LaterWrite {
  readonly at: string
  readonly actor: string | null
  readonly cause: WriteCause | null
  /** Fields with the values they were given; lines are left out. */
  readonly values: JsonObject
}

export interface RecordThen {
  readonly record: JsonObject
  /** Oldest first. */
  readonly later: readonly LaterWrite[]
}

/** One row of a record's history. */
export interface LaterRow {
  readonly lines: string | null
  readonly line_id: string | null
  readonly at: string
  readonly actor: string | null
  readonly op: string
  readonly before: JsonObject
  readonly after: JsonObject
  readonly cause: WriteCause | null
}

/**
 * A record as it was at one of its versions: what stands today, with every later write taken back. The actor must be
 * able to see the record. Throws FLOW_REPLAY_GONE when it is gone.
 */
export async function loadRecordThen(
  unit: Unit,
  table: RecordTable,
  id: string,
  version: number | null,
  startedAt: string,
): Promise<RecordThen> {
  const whole = await loadWhole(unit, table, id, 'actor').catch((error: unknown) => {
    if (error instanceof Refusal) throw new Refusal(flowReplayGone)
    throw error
  })
  const rows = await readLater(unit, table, id, version, startedAt)
  const byXId = fieldsByXId(table.fields.values())
  const later = rows.flatMap((row): LaterWrite[] => {
    if (row.lines !== null || row.op !== 'update') return []
    const values: JsonObject = {}
    for (const field of fieldsIn(row, byXId)) values[field.key] = readColumn(row.after[xIdOf(field)], field)
    return [{ at: row.at, actor: row.actor, cause: row.cause, values }]
  })
  return { record: takeBack(whole, rows, table.fields.values()), later: later.reverse() }
}

/**
 * What was written into a record after a version of it, newest first; after `since` where no version is known. `upTo`:
 * no further than to that version.
 */
export async function readLater(
  unit: Unit,
  table: RecordTable,
  id: string,
  version: number | null,
  since: string,
  upTo: number | null = null,
): Promise<readonly LaterRow[]> {
  // A line may have been written before its record took the next number.
  const isLater =
    version === null ? 'h.at > $3' : '(h.rev > $4 OR (h.rev = $4 AND h.lines IS NOT NULL AND h.at > $3))'
  const values: unknown[] = [table.object['x-id'], id, since, ...(version === null ? [] : [version])]
  const bound = upTo === null ? '' : `AND h.rev <= $${values.push(upTo)}`
  return unit.asEngine(() =>
    unit.query<LaterRow>(
      `SELECT h.lines, h.line_id, h.at, h.actor, h.op, h.before, h.after, h.cause
       FROM ${quoteTable(unit.served.workspace.schema, 'cw_history')} h
       WHERE h.object = $1 AND h.record_id = $2 AND ${isLater} ${bound} ORDER BY h.id DESC`,
      values,
    ),
  )
}

/** The record before these writes, newest first, in these of its fields; all others stay as they are. */
export function takeBack(
  now: JsonObject,
  rows: readonly LaterRow[],
  fields: Iterable<RecordField>,
): JsonObject {
  const byXId = fieldsByXId(fields)
  const record: JsonObject = { ...now }
  for (const row of rows)
    if (row.lines !== null) {
      const field = byXId.get(row.lines)
      if (field?.lines) record[field.key] = linesBefore(record[field.key], row, field)
    } else
      for (const field of fieldsIn(row, byXId))
        record[field.key] = readColumn(row.before[xIdOf(field)], field)
  return record
}

const xIdOf = (field: RecordField) => field.definition['x-id']

function fieldsByXId(fields: Iterable<RecordField>): ReadonlyMap<string, RecordField> {
  return new Map([...fields].map((field) => [xIdOf(field), field]))
}

function fieldsIn({ before, after }: LaterRow, byXId: ReadonlyMap<string, RecordField>): RecordField[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((xId) => byXId.get(xId) ?? [])
}

function linesBefore(
  value: Json | undefined,
  { op, line_id: id, before }: LaterRow,
  field: RecordField,
): Json {
  const rows = (Array.isArray(value) ? value : []).filter(isJsonObject)
  const others = rows.filter((row) => row._id !== id)
  if (op === 'create') return others
  const was: JsonObject = { ...(rows.find((row) => row._id === id) ?? { _id: id }) }
  for (const cell of field.lines?.fields.values() ?? []) {
    const old = before[cell.definition['x-id']]
    if (old !== undefined) was[cell.key] = readColumn(old, cell)
  }
  return op === 'delete' ? [...others, was] : rows.map((row) => (row._id === id ? was : row))
}
