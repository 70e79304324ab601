import type { HistoryCause, HistoryEntry, HistoryPage } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit, WriteCause } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { NamedIds } from './expand-titles.ts'
import { readId } from './get-record.ts'
import { grantsOf, readableFields } from './object-rights.ts'
import { namePeople } from './people.ts'
import { type RecordField, type RecordTable, readColumn, tableOf } from './record-table.ts'
import { maskedColumns } from './seen-table.ts'

interface HistoryRow {
  readonly id: string
  readonly lines: string | null
  readonly line_id: string | null
  readonly rev: number
  readonly at: string
  readonly actor: string | null
  readonly release: number
  readonly op: string
  readonly before: JsonObject
  readonly after: JsonObject
  readonly cause: WriteCause | null
  /** Which write it belongs to, counted from the newest. */
  readonly nth: number
}

type Change = HistoryEntry['changes'][number]

/**
 * Who changed what, newest first. The database's view gives only records and columns that the actor may read; fields
 * that today's release no longer has are left out.
 */
export async function listHistory(
  unit: Unit,
  object: string,
  id: string,
  query: { readonly limit?: number; readonly cursor?: string },
): Promise<HistoryPage> {
  const { served, services } = unit
  const table = tableOf(served, object)
  const record = readId(id)
  const readable = await fieldsReadOn(unit, table, record)
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200)
  const list = `history\n${table.from}\n${record}`
  const before = query.cursor ? readCursor(services.config.secret, list, query.cursor, 1)[0] : null
  // A page is so many writes, each with all its rows: a write of five hundred lines is one.
  const rows = await unit.query<HistoryRow>(
    `SELECT * FROM (
       SELECT h.id::text AS id, h.lines, h.line_id, h.rev, h.at, h.actor, h.release, h.op, h.before, h.after, h.cause,
         h.id AS place, dense_rank() OVER (ORDER BY h.rev DESC)::integer AS nth
       FROM ${quoteTable(served.workspace.schema, 'cw_history_readable')} h
       WHERE h.object = $1 AND h.record_id = $2 AND h.op <> 'purge' ${before ? 'AND h.rev < $4' : ''}
     ) w WHERE w.nth <= $3 ORDER BY w.place DESC`,
    [table.object['x-id'], record, limit + 1, ...(before ? [Number(before)] : [])],
  )
  const page = rows.filter((row) => row.nth <= limit)
  const names = await namePeople(
    unit,
    page.flatMap((row) => row.actor ?? []),
  )
  const byXId = new Map([...table.fields.values()].map((field) => [field.definition['x-id'], field]))
  return {
    entries: mergeEntries(
      page,
      (row) => readChanges(row, byXId, readable),
      names,
      await nameCauses(unit, page),
    ),
    titles: await nameIdsIn(unit, page, byXId, readable),
    next:
      rows.length > page.length
        ? writeCursor(services.config.secret, list, [String(page.at(-1)!.rev)])
        : null,
  }
}

/** The fields of this very record that the actor may read. Throws RECORD_NOT_FOUND. */
export async function fieldsReadOn(
  unit: Unit,
  table: RecordTable,
  record: string,
): Promise<ReadonlySet<string>> {
  const readable = readableFields(unit.served, unit.actor, table.key)
  const masks = [...maskedColumns(unit, table)]
  const shown = masks.map(([, condition], at) => `COALESCE(${condition}, false) AS shown_${at}`)
  const [found] = await unit.query<Record<string, unknown>>(
    `SELECT ${['t.id', ...shown].join(', ')} FROM ${table.from} t WHERE t.id = $1 AND t.deleted_at IS NULL`,
    [record],
  )
  if (!found) throw new Refusal(recordNotFound)
  const hidden = new Set(masks.flatMap(([key], at) => (found[`shown_${at}`] === true ? [] : [key])))
  return new Set([...readable].filter((key) => !hidden.has(key)))
}

/** Rows of one write (the record and its lines) make one entry. */
function mergeEntries(
  rows: readonly HistoryRow[],
  changesOf: (row: HistoryRow) => Change[],
  names: ReadonlyMap<string, string>,
  causes: ReadonlyMap<HistoryRow, HistoryCause>,
): HistoryEntry[] {
  const entries: { -readonly [K in keyof HistoryEntry]: HistoryEntry[K] }[] = []
  let open: HistoryRow | undefined
  for (const row of rows) {
    const changes = changesOf(row)
    const last = entries.at(-1)
    if (last && open && open.rev === row.rev && (open.lines !== null || row.lines !== null)) {
      last.changes = [...changes, ...last.changes]
      if (row.lines === null) last.action = row.op as HistoryEntry['action']
    } else {
      entries.push({
        id: row.id,
        at: row.at,
        by: row.actor,
        name: (row.actor && names.get(row.actor)) ?? null,
        cause: causes.get(row) ?? null,
        action: row.lines === null ? (row.op as HistoryEntry['action']) : 'update',
        release: row.release,
        changes,
      })
    }
    open = row
  }
  return entries
}

/**
 * What wrote, in words of the release that it wrote under. Flows are named to those who may see them: others read that
 * it was one, and no more.
 */
async function nameCauses(unit: Unit, rows: readonly HistoryRow[]): Promise<Map<HistoryRow, HistoryCause>> {
  const causes = new Map<HistoryRow, HistoryCause>()
  for (const row of rows) {
    if (!row.cause) continue
    const { kind, key, run = null, node = null } = row.cause
    const isFlow = kind === 'flow' || kind === 'task'
    if (isFlow && !maySeeFlow(unit, key)) {
      causes.set(row, { kind, key: null, run: null, node: null, title: null, nodeTitle: null })
      continue
    }
    const { release } = await unit.services.releases.at(unit.served.workspace.key, row.release)
    const flow = isFlow ? release.flows.get(key) : undefined
    const titled = flow ?? (kind === 'plan' ? release.plans.get(key) : undefined)
    const nodeTitle = flow?.nodes.find((one) => one['x-id'] === node)?.title ?? null
    causes.set(row, { kind, key, run, node, title: titled?.title ?? null, nodeTitle })
  }
  return causes
}

function maySeeFlow({ served, actor }: Unit, key: string): boolean {
  if (mayDo(served.release, actor.roles, 'administer_flows')) return true
  return grantsOf(served, actor.roles).some((grant) => grant.flows?.[key]?.includes('see'))
}

function readChanges(
  row: HistoryRow,
  byXId: ReadonlyMap<string, RecordField>,
  readable: ReadonlySet<string>,
): Change[] {
  if (row.lines !== null) {
    const field = byXId.get(row.lines)
    if (!field?.lines || !readable.has(field.key)) return []
    const [before, after] = [readLine(row.before, field), readLine(row.after, field)]
    return before || after ? [{ field: field.key, before, after, line: row.line_id }] : []
  }
  const keys = new Set([...Object.keys(row.before), ...Object.keys(row.after)])
  return [...keys].flatMap((xId) => {
    const field = byXId.get(xId)
    if (!field || !readable.has(field.key)) return []
    return [
      {
        field: field.key,
        before: readColumn(row.before[xId], field),
        after: readColumn(row.after[xId], field),
      },
    ]
  })
}

function readLine(values: JsonObject, field: RecordField): JsonObject | null {
  const line: JsonObject = {}
  for (const cell of field.lines!.fields.values()) {
    const value = values[cell.definition['x-id']]
    if (value !== undefined) line[cell.key] = readColumn(value, cell)
  }
  return Object.keys(line).length ? line : null
}

/** Titles of the records and names of the people that values in the history name. */
function nameIdsIn(
  unit: Unit,
  rows: readonly HistoryRow[],
  byXId: ReadonlyMap<string, RecordField>,
  readable: ReadonlySet<string>,
): Promise<Record<string, string>> {
  const ids = new NamedIds()
  for (const { lines, before, after } of rows) {
    const field = lines === null ? undefined : byXId.get(lines)
    const cells = lines === null ? byXId.values() : (field?.lines?.fields.values() ?? [])
    if (field && !readable.has(field.key)) continue
    for (const cell of cells) {
      if (lines === null && !readable.has(cell.key)) continue
      ids.add(cell, before[cell.definition['x-id']])
      ids.add(cell, after[cell.definition['x-id']])
    }
  }
  return ids.titles(unit)
}
