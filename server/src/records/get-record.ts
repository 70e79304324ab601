import type { RecordJson, RecordReply } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import type { Unit } from '../db/unit.ts'
import { isNamedLater, readExpand, titleSql, titlesInLines } from './expand-titles.ts'
import { chooseFields, collectTitles, readRecord, selectColumns } from './list-records.ts'
import { readableFields } from './object-rights.ts'
import { putLines, readLines } from './record-lines.ts'
import { findHeld, openCasesSql } from './record-lock.ts'
import { mayWrite } from './row-rules.ts'
import { runPrepared } from './run-prepared.ts'
import { seenTable } from './seen-table.ts'

export interface GetQuery {
  /** The unit asks for nothing after this. */
  readonly last?: boolean
  readonly fields?: readonly string[]
  readonly expand?: readonly string[]
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An id from an address. One that cannot be an id names no record. Throws RECORD_NOT_FOUND. */
export function readId(id: string): string {
  if (!uuid.test(id)) throw new Refusal(recordNotFound)
  return id.toLowerCase()
}

/** One record with all that the actor may read of it. Throws RECORD_NOT_FOUND for what is not there or not theirs. */
export async function getRecord(
  unit: Unit,
  object: string,
  id: string,
  query: GetQuery = {},
): Promise<RecordReply> {
  const table = seenTable(unit, object)
  const readable = readableFields(unit.served, unit.actor, object)
  const fields = query.fields
    ? chooseFields(table, readable, query.fields)
    : [...table.fields.values()].filter((field) => readable.has(field.key))
  const expansions = readExpand(unit, table, fields, query.expand ?? [])
  const columns = [
    ...selectColumns(fields),
    ...expansions.flatMap((expansion, at) => titleSql(expansion, at)),
    ...openCasesSql(unit, table),
  ]
  const recordId = readId(id)
  const ask: Unit['query'] = (text, values = []) => runPrepared(unit, text, values)
  // Asked at once, to travel together: whose record it is not gets no lines of it either.
  const asked = Promise.all([
    ask(`SELECT ${columns.join(', ')} FROM ${table.from} t WHERE t.id = $1 AND t.deleted_at IS NULL`, [
      recordId,
    ]),
    readLines(fields, [recordId], ask),
  ])
  // Titles in lines are one more question, asked when the lines are known.
  const isAll = !query.expand?.length || !fields.some(isNamedLater)
  if (query.last && isAll) unit.finish()
  const [rows, lines] = await asked
  const row = rows[0]
  if (!row) throw new Refusal(recordNotFound)
  const record: RecordJson = readRecord(row, fields)
  putLines([record], lines)
  const inLines = await titlesInLines(unit, fields, query.expand ?? [], [record])
  return {
    record,
    titles: { ...inLines, ...(await collectTitles(unit, expansions, [row])) },
    may: mayWrite(unit, table, record, await findHeld(unit, row)),
  }
}

/** The ETag of a record is the number of its last write. */
export function etagOf(rev: number): string {
  return `"${rev}"`
}
