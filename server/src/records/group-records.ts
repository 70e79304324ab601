import type { GroupReply } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { filterInvalid, viewUnknown } from '@channelwright/runtime/errors/records.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { type DatePart, hasDateParts, type Measure } from '@channelwright/runtime/views/table/measures.ts'
import { countDated, tellAverage } from '@channelwright/runtime/views/table/sum-up.ts'
import type { TableView } from '@channelwright/runtime/views/table/view.ts'
import type { Unit } from '../db/unit.ts'
import { compileFilter } from './compile-filter.ts'
import { NamedIds } from './expand-titles.ts'
import { type ListQuery, narrowList, viewOf } from './list-records.ts'
import { readableFields, rightsOn } from './object-rights.ts'
import type { RecordField, RecordTable } from './record-table.ts'
import { seenTable } from './seen-table.ts'

/** More groups than this are no overview; the reply says that there are more. */
const mostGroups = 500

type GroupQuery = Pick<ListQuery, 'filter' | 'search'> & { readonly view: string }
interface Column {
  readonly sql: string
  readonly field: RecordField
}
interface Shown {
  readonly measure: Measure
  readonly field: RecordField | null
  /** What is counted or added up: empty where the record does not count. */
  readonly sql: string
}

/**
 * What a grouped view tells of an object's records: one line for each combination of its group fields, with its
 * measures, and one for all of them. Only records and fields that the actor may read count: a group or a measure of
 * others is left out, as lists leave out their columns. Throws VIEW_UNKNOWN, FILTER_INVALID.
 */
export async function groupRecords(unit: Unit, object: string, query: GroupQuery): Promise<GroupReply> {
  const view = viewOf(unit, query.view) as TableView | undefined
  if (view?.object !== object || !view.group)
    throw new Refusal(viewUnknown, { view: query.view.slice(0, 60) })
  const table = seenTable(unit, object)
  const readable = readableFields(unit.served, unit.actor, object)
  const values: unknown[] = []
  const groups = view.group.flatMap((group) => {
    const column = columnOf(unit, table, readable, group.field)
    if (column === null) return []
    return [{ group, field: column.field, sql: partSql(column, group.by, unit, values) }]
  })
  const measures = (view.measures ?? []).flatMap(
    (measure) => showMeasure(unit, table, readable, measure, values) ?? [],
  )
  const keys = groups.map((_, at) => `k${at}`)
  const inner = [
    't.id',
    ...groups.map(({ sql }, at) => `${sql} AS k${at}`),
    ...measures.map(({ sql }, at) => `${sql} AS m${at}`),
  ]
  const outer = [
    ...keys,
    ...measures.map(({ measure }, at) => `${sumUp(measure.kind, `m${at}`)} AS v${at}`),
    ...measures.map((_, at) => `count(m${at})::text AS n${at}`),
    'count(*)::text AS n',
    `${keys.length === 0 ? '1' : `grouping(${keys.join(', ')})`} AS whole`,
  ]
  // Parts of the calendar come in their order, what is below them by its number.
  const dated = countDated(groups.map(({ group }) => group))
  const narrowed = narrowList(unit, table, readable, query, values)
  const [all, ...found] = await unit.query<Record<string, unknown>>(
    `SELECT ${outer.join(', ')}
     FROM (SELECT ${inner.join(', ')} FROM ${table.from} t WHERE ${narrowed}) g
     GROUP BY GROUPING SETS (${keys.length === 0 ? '' : `(${keys.join(', ')}), `}())
     ORDER BY ${['whole DESC', ...keys.slice(0, dated), 'count(*) DESC', ...keys].join(', ')} LIMIT ${mostGroups + 2}`,
    values,
  )
  const ids = new NamedIds()
  const told = (row: Readonly<Record<string, unknown>>) => ({
    count: Number(row.n),
    values: measures.map((shown, at) => tellMeasure(shown, row[`v${at}`], Number(row[`n${at}`]))),
  })
  const lines = found.slice(0, mostGroups).map((row) => ({
    ...told(row),
    keys: groups.map(({ group, field }, at): Json => {
      const value = row[`k${at}`] ?? null
      if (value === null) return null
      if (group.by !== undefined) return String(value)
      ids.add(field, value)
      return field.type.fromColumn(value, field.definition)
    }),
  }))
  return {
    group: groups.map(({ group }) => group['x-id']),
    measures: measures.map(({ measure }) => measure['x-id']),
    groups: lines,
    all: told(all ?? { n: '0' }),
    titles: await ids.titles(unit),
    more: found.length > mostGroups,
  }
}

/** The field as SQL over the row `t`, or that of the record which a reference names; null where it may not be read. */
function columnOf(
  unit: Unit,
  table: RecordTable,
  readable: ReadonlySet<string>,
  path: string,
): Column | null {
  const [key = '', inner] = path.split('.')
  const field = readable.has(key) ? table.fields.get(key) : undefined
  if (!field?.column) return null
  if (inner === undefined) return { sql: `t.${field.column}`, field }
  const object = String(field.definition['x-object'])
  const target = seenTable(unit, object)
  const named = rightsOn(unit.served, unit.actor, object).read?.has(inner) ? target.fields.get(inner) : null
  if (!named?.column) return null
  const sql = `(SELECT r.${named.column} FROM ${target.from} r WHERE r.id = t.${field.column})`
  return { sql, field: named }
}

/** The first day of the part of the calendar that a date lies in; a moment, on the calendar of the workspace. */
function partSql({ sql, field }: Column, by: DatePart | undefined, unit: Unit, values: unknown[]): string {
  if (by === undefined || !hasDateParts(field.definition)) return sql
  const wall =
    field.definition['x-field'] === 'datetime'
      ? `(${sql} AT TIME ZONE $${values.push(unit.served.workspace.timeZone)}::text)`
      : `${sql}::timestamp`
  return `date_trunc('${by}', ${wall})::date`
}

function showMeasure(
  unit: Unit,
  table: RecordTable,
  readable: ReadonlySet<string>,
  measure: Measure,
  values: unknown[],
): Shown | null {
  const column = measure.field === undefined ? null : columnOf(unit, table, readable, measure.field)
  if (measure.field !== undefined && column === null) return null
  const taken = column?.sql ?? '1'
  const field = column?.field ?? null
  if (measure.filter === undefined) return { measure, field, sql: taken }
  const before = values.length
  try {
    const holds = compileFilter(unit, table, readable, measure.filter, values)
    return { measure, field, sql: `CASE WHEN ${holds} THEN ${taken} END` }
  } catch (error) {
    // A rule over fields that this reader may not read: what it counts is not for them either.
    if (!(error instanceof Refusal) || error.definition !== filterInvalid) throw error
    values.length = before
    return null
  }
}

/** An average is divided here, exactly: Postgres' own has been rounded before it is rounded to its places. */
function sumUp(kind: Measure['kind'], column: string): string {
  if (kind === 'count') return `count(${column})::text`
  return `${kind === 'avg' ? 'sum' : kind}(${column})::text`
}

/** Exact, as text; null where there was nothing to take it of. A count and a sum of nothing are nought. */
function tellMeasure({ measure: { kind }, field }: Shown, value: unknown, of: number): string | null {
  if (typeof value !== 'string') return kind === 'count' || kind === 'sum' ? '0' : null
  if (kind !== 'avg') return value
  return of === 0 ? null : tellAverage(value, of, field?.definition ?? null)
}
