import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { objectUnknown } from '@channelwright/runtime/errors/records.ts'
import type { FieldType } from '@channelwright/runtime/fields/field-type.ts'
import { fieldTypeOf, linesOf } from '@channelwright/runtime/fields/index.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { quoteName, quoteTable } from '../publish/quote.ts'
import type { ServedRelease, TableMap } from '../services.ts'

/** A field together with where it is stored. */
export interface RecordField {
  readonly key: string
  readonly definition: FieldDefinition
  readonly type: FieldType
  /** Quoted column; null for lines. */
  readonly column: string | null
  /** The child table of a lines field. */
  readonly lines: LinesTable | null
  /** Filled by the platform: computed, numbered, or read-only. People never give it. */
  readonly fixed: boolean
}

export interface LinesTable {
  /** Quoted, with its schema. */
  readonly from: string
  readonly fields: ReadonlyMap<string, RecordField>
}

/** An object of a release, ready to be read and written. Made once per release. */
export interface RecordTable {
  readonly key: string
  readonly object: ObjectDefinition
  /** Quoted, with its schema. */
  readonly from: string
  readonly fields: ReadonlyMap<string, RecordField>
}

/** Columns of the platform, in every object's table. */
export const platformColumns = [
  'id',
  'rev',
  'release',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
] as const

/** Throws OBJECT_UNKNOWN. */
export function tableOf(served: ServedRelease, key: string): RecordTable {
  const kept = served.cache.get(`records/table/${key}`) as RecordTable | undefined
  if (kept) return kept
  const object = served.release.objects.get(key)
  const map = served.tables.get(key)
  if (!object || !map) throw new Refusal(objectUnknown, { object: key.slice(0, 60) })
  const table: RecordTable = {
    key,
    object,
    from: quoteTable(served.workspace.schema, map.table),
    fields: readFields(served, map, object.schema.properties, new Set(Object.keys(object.computed ?? {}))),
  }
  served.cache.set(`records/table/${key}`, table)
  return table
}

function readFields(
  served: ServedRelease,
  map: TableMap,
  properties: Readonly<Record<string, FieldDefinition>>,
  computed: ReadonlySet<string>,
): Map<string, RecordField> {
  const fields = new Map<string, RecordField>()
  for (const [key, definition] of Object.entries(properties)) {
    const type = fieldTypeOf(definition)
    const child = map.lines.get(key)
    const column = map.columns.get(key)
    fields.set(key, {
      key,
      definition,
      type,
      column: column ? quoteName(column) : null,
      lines: child ? readLines(served, child, definition) : null,
      fixed: computed.has(key) || type.generated === true || definition.readOnly === true,
    })
  }
  return fields
}

function readLines(served: ServedRelease, map: TableMap, definition: FieldDefinition): LinesTable {
  return {
    from: quoteTable(served.workspace.schema, map.table),
    fields: readFields(served, map, linesOf(definition)?.properties ?? {}, new Set()),
  }
}

/** A row, selected under the keys of the fields, as JSON. Keys that were not selected are left out. */
export function readRow(row: Readonly<Record<string, unknown>>, fields: Iterable<RecordField>): JsonObject {
  const values: JsonObject = {}
  for (const field of fields) {
    if (!(field.key in row)) continue
    values[field.key] = readColumn(row[field.key], field)
  }
  return values
}

export function readColumn(value: unknown, field: RecordField): Json {
  return value === null || value === undefined ? null : field.type.fromColumn(value, field.definition)
}

/** What pg binds. Null and missing are both empty. */
export function bindValue(value: Json | undefined, field: RecordField): unknown {
  return value === null || value === undefined ? null : field.type.toColumn(value, field.definition)
}
