import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordRefused, referenceUnknown } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { bindValue, type LinesTable, type RecordField, readRow } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'

/** Postgres takes 65,535 bound values in one statement. */
const mostBound = 60_000

/** Rows of lines by the key of their field and the id of their record. */
export type LinesFound = ReadonlyMap<string, ReadonlyMap<string, Json[]>>

/** Puts the rows of the lines fields among `fields` into `records`, one query per lines field. */
export async function attachLines(
  unit: Unit,
  fields: Iterable<RecordField>,
  records: readonly JsonObject[],
): Promise<void> {
  if (!records.length) return
  const ids = records.map((record) => record.id as string)
  // Of one record: the same statement again and again.
  const query: Unit['query'] =
    ids.length === 1 ? (text, values = []) => runPrepared(unit, text, values) : unit.query
  putLines(records, await readLines(fields, ids, query))
}

/** The rows of the lines fields among `fields`, all asked for at once. */
export async function readLines(
  fields: Iterable<RecordField>,
  ids: readonly string[],
  query: Unit['query'],
): Promise<LinesFound> {
  const asked = [...fields].flatMap(({ key, lines }) =>
    lines ? [selectLines(lines, ids, query).then((found) => [key, found] as const)] : [],
  )
  return new Map(await Promise.all(asked))
}

export function putLines(records: readonly JsonObject[], lines: LinesFound): void {
  for (const [key, found] of lines)
    for (const record of records) record[key] = found.get(record.id as string) ?? []
}

async function selectLines(
  lines: LinesTable,
  ids: readonly string[],
  query: Unit['query'],
): Promise<Map<string, Json[]>> {
  const columns = [...lines.fields.values()].map((field) => `l.${field.column} AS "${field.key}"`)
  // One id is asked for as one: of an array Postgres can't know the length beforehand, so it would plan a prepared
  // statement anew each time, which takes longer than to run it.
  const isOne = ids.length === 1
  const rows = await query<{ id: string; record_id: string }>(
    `SELECT ${['l.id', 'l.record_id', ...columns].join(', ')} FROM ${lines.from} l
     WHERE l.record_id = ${isOne ? '$1' : 'ANY ($1::uuid[])'} ORDER BY l.record_id, l.position, l.id`,
    [isOne ? ids[0] : ids],
  )
  const found = new Map<string, Json[]>()
  for (const row of rows) {
    const list = found.get(row.record_id) ?? []
    list.push({ _id: row.id, ...readRow(row, lines.fields.values()) })
    found.set(row.record_id, list)
  }
  return found
}

/**
 * Gives every line its identity: kept where `_id` names a line the record has, new where there is none. A line that
 * names a foreign one is refused. Cells that are missing become null, so that equal lines are equal.
 */
export function identifyLines(
  unit: Unit,
  field: RecordField,
  given: Json | undefined,
  before: Json | undefined,
): JsonObject[] {
  const known = new Set(asLines(before).map((line) => line._id))
  const seen = new Set<Json>()
  return asLines(given).map((line, at) => {
    const id = line._id ?? unit.services.ids.next()
    const foreign = line._id !== undefined && !known.has(line._id)
    if (foreign || seen.has(id)) throw refuseLine(field.key, at)
    seen.add(id)
    const cells: JsonObject = { _id: id }
    for (const key of field.lines!.fields.keys()) cells[key] = line[key] ?? null
    return cells
  })
}

function refuseLine(field: string, at: number): Refusal {
  const { code, message } = referenceUnknown
  return new Refusal(recordRefused, {}, [{ path: `/${field}/${at}/_id`, code, message }])
}

function asLines(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : []
}

/** Makes the child table say what the record says: lines gone are deleted, changed ones updated, new ones added. */
export async function writeLines(
  unit: Unit,
  field: RecordField,
  record: string,
  after: readonly JsonObject[],
  before: Json | undefined,
): Promise<void> {
  const { from, fields } = field.lines!
  const old = new Map(asLines(before).map((line, at) => [line._id as string, JSON.stringify([at, line])]))
  const kept = new Set(after.map((line) => line._id as string))
  const gone = [...old.keys()].filter((id) => !kept.has(id))
  if (gone.length)
    await unit.query(`DELETE FROM ${from} WHERE record_id = $1 AND id = ANY ($2::uuid[])`, [record, gone])
  const columns = [...fields.values()]
  const changed = after
    .map((line, at) => ({ line, at, text: JSON.stringify([at, line]) }))
    .filter(({ line, text }) => old.get(line._id as string) !== text)
  const width = columns.length + 3
  const perStatement = Math.floor(mostBound / width)
  for (let start = 0; start < changed.length; start += perStatement) {
    const part = changed.slice(start, start + perStatement)
    const values = part.flatMap(({ line, at }) => [
      line._id,
      record,
      at,
      ...columns.map((c) => bindValue(line[c.key], c)),
    ])
    const tuples = part.map(
      (_, row) => `(${Array.from({ length: width }, (_, i) => `$${row * width + i + 1}`).join(', ')})`,
    )
    const names = ['id', 'record_id', 'position', ...columns.map((c) => c.column)]
    const updates = names.slice(2).map((name) => `${name} = EXCLUDED.${name}`)
    await unit.query(
      `INSERT INTO ${from} AS l (${names.join(', ')}) VALUES ${tuples.join(', ')}
       ${old.size ? `ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} WHERE l.record_id = EXCLUDED.record_id` : ''}`,
      values,
    )
  }
}
