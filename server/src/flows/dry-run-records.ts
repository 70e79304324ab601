import { choicesOf } from '@channelwright/runtime/fields/shared.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { type RecordField, type RecordTable, readColumn, tableOf } from '../records/record-table.ts'

/** Rows of one object that are looked at; a workspace with more is told of these. */
const mostRows = 20_000
/** Values of a field that has no list of choices. */
const mostValues = 200

/** What the records of an object may say where the people of a step depend on them. */
export interface RecordVariants {
  /** Partner → the record's owner, loaded; null where no step reads it. */
  readonly owner: { readonly field: string; readonly byPartner: ReadonlyMap<string, Json> } | null
  /** Field → each value that leads to other people; empty: nothing is known of it. */
  readonly fields: ReadonlyMap<string, readonly Json[]>
}

/** Reads what may stand at these paths (`region`, `partner.channel_manager`). As the engine. */
export async function readVariants(
  unit: Unit,
  object: string,
  paths: Iterable<string>,
): Promise<RecordVariants> {
  const table = tableOf(unit.served, object)
  const owner = table.object.owner
  const fields = new Map<string, readonly Json[]>()
  let owned: RecordVariants['owner'] = null
  for (const [key, rests] of groupPaths(paths)) {
    const field = table.fields.get(key)
    if (field === undefined) {
      // A record that is made now, or the id of one: what depends on it is known when it is there.
      fields.set(key, [])
    } else if (field.type.name === 'reference') {
      const rows = await loadTargets(unit, String(field.definition['x-object']), rests, null)
      if (key === owner) owned = { field: key, byPartner: rows }
      fields.set(key, distinct(rows.values(), rests.includes('')))
    } else fields.set(key, await valuesOf(unit, table, field))
  }
  return { owner: owned, fields }
}

/** First part of each path → what follows it; `''` where nothing does. */
function groupPaths(paths: Iterable<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const [first = '', ...rest] = path.split('.')
    groups.set(first, [...(groups.get(first) ?? []), rest.join('.')])
  }
  return groups
}

/** Records with what is read of them, also through further references: one query for each object on the way. */
async function loadTargets(
  unit: Unit,
  object: string,
  paths: readonly string[],
  ids: readonly string[] | null,
): Promise<Map<string, JsonObject>> {
  const table = tableOf(unit.served, object)
  const groups = groupPaths(paths.filter((path) => path !== '' && path !== 'id'))
  const read = [...groups.keys()].flatMap((key) => {
    const field = table.fields.get(key)
    return field?.column ? [field] : []
  })
  const rows = await unit.query<Record<string, unknown>>(
    `SELECT ${['t.id', ...read.map(({ column, key }) => `t.${column} AS "${key}"`)].join(', ')}
     FROM ${table.from} t WHERE t.deleted_at IS NULL ${ids === null ? '' : 'AND t.id = ANY ($1::uuid[])'}
     ORDER BY t.id LIMIT ${mostRows}`,
    ids === null ? [] : [ids],
  )
  const found = new Map<string, JsonObject>()
  for (const row of rows) {
    const values: JsonObject = { id: String(row.id) }
    for (const field of read) values[field.key] = readColumn(row[field.key], field)
    found.set(String(row.id), values)
  }
  for (const field of read) {
    const rests = groups.get(field.key) ?? []
    if (field.type.name !== 'reference' || rests.every((rest) => rest === '')) continue
    const targets = new Set(
      [...found.values()].flatMap((one) =>
        typeof one[field.key] === 'string' ? [String(one[field.key])] : [],
      ),
    )
    const loaded = await loadTargets(unit, String(field.definition['x-object']), rests, [...targets])
    for (const one of found.values())
      one[field.key] = loaded.get(String(one[field.key])) ?? one[field.key] ?? null
  }
  return found
}

/** Those that lead to different people: which record it is matters only where its id is asked for. */
function distinct(rows: Iterable<JsonObject>, byId: boolean): Json[] {
  const seen = new Map<string, Json>()
  for (const row of rows) {
    const { id, ...values } = row
    const key = JSON.stringify(byId ? row : values)
    if (!seen.has(key)) seen.set(key, row)
  }
  return [...seen.values()]
}

async function valuesOf(unit: Unit, table: RecordTable, field: RecordField): Promise<Json[]> {
  if (field.type.name === 'boolean') return [true, false]
  if (field.type.name === 'choice')
    return choicesOf(field.definition).flatMap((one) => (one['x-retired'] === true ? [] : [one.const]))
  if (!field.column) return []
  const rows = await unit.query<{ value: unknown }>(
    `SELECT DISTINCT t.${field.column} AS value FROM ${table.from} t
     WHERE t.deleted_at IS NULL AND t.${field.column} IS NOT NULL LIMIT ${mostValues}`,
  )
  return rows.map((row) => readColumn(row.value, field))
}
