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

interface Row {
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
  // A line may have been written before its record took the next number.
  const since =
    version === null ? 'h.at > $3' : '(h.rev > $3 OR (h.rev = $3 AND h.lines IS NOT NULL AND h.at > $4))'
  const rows = await unit.asEngine(() =>
    unit.query<Row>(
      `SELECT h.lines, h.line_id, h.at, h.actor, h.op, h.before, h.after, h.cause
       FROM ${quoteTable(unit.served.workspace.schema, 'cw_history')} h
       WHERE h.object = $1 AND h.record_id = $2 AND ${since} ORDER BY h.id DESC`,
      version === null
        ? [table.object['x-id'], id, startedAt]
        : [table.object['x-id'], id, version, startedAt],
    ),
  )
  const byXId = new Map([...table.fields.values()].map((field) => [field.definition['x-id'], field]))
  const record: JsonObject = { ...whole }
  const later: LaterWrite[] = []
  for (const row of rows) {
    if (row.lines !== null) {
      const field = byXId.get(row.lines)
      if (field?.lines) record[field.key] = linesBefore(record[field.key], row, field)
      continue
    }
    const values: JsonObject = {}
    for (const xId of new Set([...Object.keys(row.before), ...Object.keys(row.after)])) {
      const field = byXId.get(xId)
      if (field === undefined) continue
      record[field.key] = readColumn(row.before[xId], field)
      values[field.key] = readColumn(row.after[xId], field)
    }
    if (row.op === 'update') later.unshift({ at: row.at, actor: row.actor, cause: row.cause, values })
  }
  return { record, later }
}

function linesBefore(value: Json | undefined, { op, line_id: id, before }: Row, field: RecordField): Json {
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
