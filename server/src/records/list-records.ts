import type { RecordJson, RecordPage } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { listInvalid, viewUnknown } from '@channelwright/runtime/errors/records.ts'
import { ownedOnly } from '../access/owned-only.ts'
import type { Unit } from '../db/unit.ts'
import { compileFilter } from './compile-filter.ts'
import { type Expansion, isNamedLater, readExpand, titleSql, titlesInLines } from './expand-titles.ts'
import { afterCursor, closePage, orderBy, readSort, type SortKey } from './list-sort.ts'
import { grantsOf, readableFields } from './object-rights.ts'
import { namePeople } from './people.ts'
import { attachLines } from './record-lines.ts'
import { platformColumns, type RecordField, type RecordTable, readRow } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'
import { foundAmong, listFound, searchText, type TextSearch } from './search-text.ts'
import { seenTable } from './seen-table.ts'

/** What a list is asked for; everything comes from outside and is checked here. */
export interface ListQuery {
  /** A PL-1 condition over readable fields. */
  readonly filter?: unknown
  readonly search?: string
  /** The view whose search fields and default order count. */
  readonly view?: string
  readonly sort?: string
  readonly fields?: readonly string[]
  readonly expand?: readonly string[]
  readonly limit?: number
  readonly cursor?: string
  readonly count?: boolean
  /** The unit asks for nothing after this. */
  readonly last?: boolean
}

/** Counting stops here: beyond it people want "more than", not the number. */
const countLimit = 10_000
export const pageLimit = 200

/** One page of an object's records, those alone that the actor may read. Refuses what the query gets wrong. */
export async function listRecords(unit: Unit, object: string, query: ListQuery): Promise<RecordPage> {
  const { served, actor, services } = unit
  const table = seenTable(unit, object)
  const readable = readableFields(served, actor, object)
  const limit = Math.min(Math.max(query.limit ?? 50, 1), pageLimit)
  const sort = readSort(table, readable, query.sort ?? defaultSort(unit, query.view))
  const fields = chooseFields(table, readable, query.fields)
  const expansions = readExpand(unit, table, fields, query.expand ?? [])

  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = ['t.deleted_at IS NULL', ...ownRows(unit, table, bind)]
  if (query.filter !== undefined) conditions.push(compileFilter(unit, table, readable, query.filter, values))
  const search = query.search
    ? searchText(unit, table, searchedKeys(unit, table, query.view), readable, query.search, bind)
    : null
  const count = query.count ? await countSql(table, conditions, search, [...values]) : null
  if (query.cursor) conditions.push(afterCursor(services.config.secret, table, sort, query.cursor, bind))

  const list = {
    select: selectList(fields, expansions, sort),
    from: table.from,
    where: conditions.join(' AND '),
    order: orderBy(sort),
    limit: limit + 1,
  }
  const counting = count ? unit.query<{ n: string }>(count.text, count.values) : undefined
  const listing = search
    ? listFound(unit, list, search, values)
    : runPrepared(
        unit,
        `SELECT ${list.select} FROM ${list.from} t WHERE ${list.where} ORDER BY ${list.order} LIMIT ${list.limit}`,
        values,
      )
  if (query.last && !search && !fields.some(isNamedLater)) unit.finish()
  const [rows, counts] = await Promise.all([listing, counting])

  const page = rows.slice(0, limit)
  const records = page.map((row) => readRecord(row, fields))
  await attachLines(unit, fields, records)
  const titles = {
    ...(await titlesInLines(unit, fields, query.expand ?? [], records)),
    ...(await collectTitles(unit, expansions, page)),
  }
  const last = page.at(-1)
  const keys = last && sort.map((_, at) => last[`sort_${at}`] as string | null)
  return {
    records,
    titles,
    next: rows.length > limit && keys ? closePage(services.config.secret, table, sort, keys) : null,
    ...(counts ? { count: readCount(Number(counts[0]!.n)) } : {}),
  }
}

/** What the policy says of the owner, said again with values that the planner can weigh; see `ownedOnly`. */
function ownRows(unit: Unit, table: RecordTable, bind: (value: unknown) => string): string[] {
  const { served, actor } = unit
  const owner = ownedOnly(served.release, actor.roles, table.key)
  const column = owner ? table.fields.get(owner)?.column : null
  if (!column) return []
  return actor.partners.length === 1
    ? [`t.${column} = ${bind(actor.partners[0])}::uuid`]
    : [`t.${column} = ANY (${bind(actor.partners)}::uuid[])`]
}

function readCount(n: number) {
  return { value: Math.min(n, countLimit), more: n > countLimit }
}

/** Throws LIST_INVALID for a field that is not there or not readable: both look the same. */
export function chooseFields(
  table: RecordTable,
  readable: ReadonlySet<string>,
  wanted: readonly string[] | undefined,
): RecordField[] {
  if (!wanted) return [...table.fields.values()].filter((field) => readable.has(field.key) && !field.lines)
  return [...new Set(wanted)].map((key) => {
    const field = readable.has(key) ? table.fields.get(key) : undefined
    if (!field) throw new Refusal(listInvalid, { name: 'fields', value: key.slice(0, 80) })
    return field
  })
}

function selectList(
  fields: readonly RecordField[],
  expansions: readonly Expansion[],
  sort: readonly SortKey[],
): string {
  return [
    ...selectColumns(fields),
    ...expansions.flatMap((expansion, at) => titleSql(expansion, at)),
    ...sort.map((key, at) => `(${key.sql})::text AS sort_${at}`),
  ].join(', ')
}

/** The platform's columns and those of the fields, each under its key; the table is `t`. */
export function selectColumns(fields: Iterable<RecordField>): string[] {
  const columns = platformColumns.map((name) => `t.${name}`)
  for (const field of fields) if (field.column) columns.push(`t.${field.column} AS "${field.key}"`)
  return columns
}

export function readRecord(
  row: Readonly<Record<string, unknown>>,
  fields: readonly RecordField[],
): RecordJson {
  return {
    id: row.id as string,
    rev: row.rev as number,
    release: row.release as number,
    created_at: row.created_at as string,
    created_by: (row.created_by as string | null) ?? null,
    updated_at: row.updated_at as string,
    updated_by: (row.updated_by as string | null) ?? null,
    ...readRow(row, fields),
  }
}

export async function collectTitles(
  unit: Unit,
  expansions: readonly Expansion[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Record<string, string>> {
  const titles: Record<string, string> = {}
  const people = new Set<string>()
  for (const [at, expansion] of expansions.entries()) {
    for (const row of rows) {
      const id = row[expansion.field.key]
      if (typeof id !== 'string') continue
      const title = row[`title_${at}`]
      if (expansion.reference === null) people.add(id)
      else if (typeof title === 'string') titles[id] = title
    }
  }
  if (people.size) for (const [id, name] of await namePeople(unit, people)) titles[id] = name
  return titles
}

/** The rows `t` that a filter and a search leave, as SQL; values are added to `values`. */
export function narrowList(
  unit: Unit,
  table: RecordTable,
  readable: ReadonlySet<string>,
  query: Pick<ListQuery, 'filter' | 'search' | 'view'>,
  values: unknown[],
): string {
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = ['t.deleted_at IS NULL', ...ownRows(unit, table, bind)]
  if (query.filter !== undefined) conditions.push(compileFilter(unit, table, readable, query.filter, values))
  if (query.search)
    conditions.push(
      searchText(unit, table, searchedKeys(unit, table, query.view), readable, query.search, bind).found,
    )
  return conditions.join(' AND ')
}

/** The view named in a query, if one of the actor's grants opens it. Throws VIEW_UNKNOWN. */
export function viewOf(unit: Unit, key: string | undefined) {
  if (!key) return undefined
  const view = unit.served.release.views.get(key)
  const granted = grantsOf(unit.served, unit.actor.roles).some((grant) => grant.views?.includes(key))
  if (!view || !granted) throw new Refusal(viewUnknown, { view: key.slice(0, 60) })
  return view
}

function defaultSort(unit: Unit, viewKey: string | undefined): string {
  const sort = viewOf(unit, viewKey)?.sort
  if (!Array.isArray(sort)) return '-id'
  return sort
    .map((one: { field: string; direction?: string }) => `${one.direction === 'desc' ? '-' : ''}${one.field}`)
    .join(',')
}

/** The fields that a view searches; without one, all. */
function searchedKeys(unit: Unit, table: RecordTable, view: string | undefined): string[] {
  const named = viewOf(unit, view)?.search
  return Array.isArray(named) ? (named as string[]) : [...table.fields.keys()]
}

async function countSql(
  table: RecordTable,
  conditions: readonly string[],
  search: TextSearch | null,
  values: unknown[],
): Promise<{ text: string; values: unknown[] }> {
  // Before the list is asked for: nothing may be asked beside it.
  const ids = search?.named ? await search.named() : null
  const found = search ? [foundAmong(search, ids, (value) => `$${values.push(value)}`)] : []
  const where = [...conditions, ...found].join(' AND ')
  return {
    text: `SELECT count(*)::text AS n FROM (SELECT 1 FROM ${table.from} t WHERE ${where} LIMIT ${countLimit + 1}) c`,
    values,
  }
}
