import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { fieldTypeOf, linesOf } from '@channelwright/runtime/fields/index.ts'
import type { TableMap } from '../services.ts'
import { columnOf, type PhysicalColumn, type PhysicalNames, tableOf } from './physical-names.ts'

/** Which of the columns that a field has had holds what is asked for. */
type ChooseColumn = (
  names: PhysicalNames,
  table: string,
  field: FieldDefinition,
) => PhysicalColumn | undefined

const inUse: ChooseColumn = (names, table, field) => columnOf(names, table, field['x-id'])

/**
 * The column of the type that the field had: what was computed from it can be computed again after the field changed
 * its type. Numbers of any size are one type here.
 */
const ofItsType: ChooseColumn = (names, table, field) => {
  const now = inUse(names, table, field)
  const wanted = fieldTypeOf(field).column(field)?.sql
  const kind = (sql: string | undefined) => sql?.replace(/^numeric\(.*\)$/, 'numeric')
  if (!now || kind(now.type) === kind(wanted)) return now
  return (
    names.columns.findLast((c) => c.table === table && c.field === field['x-id'] && c.type === wanted) ?? now
  )
}

/**
 * Where the objects and fields of a release are stored, by the x-ids that outlive every rename. `asTyped`: under the
 * types of the release, although a later one may have changed them.
 */
export function mapTables(release: Release, names: PhysicalNames, asTyped = false): Map<string, TableMap> {
  const choose = asTyped ? ofItsType : inUse
  const maps = new Map<string, TableMap>()
  for (const object of release.objects.values()) {
    const table = tableOf(names, object['x-id'])
    if (!table) continue
    const fields = Object.entries(object.schema.properties) as [string, FieldDefinition][]
    const lines = new Map<string, TableMap>()
    for (const [key, field] of fields) {
      const rows = linesOf(field)
      const child = rows && tableOf(names, object['x-id'], field['x-id'])
      if (rows && child)
        lines.set(key, {
          object: object.key,
          table: child.table,
          columns: mapColumns(Object.entries(rows.properties), child.table, names, choose),
          lines: new Map(),
        })
    }
    maps.set(object.key, {
      object: object.key,
      table: table.table,
      columns: mapColumns(fields, table.table, names, choose),
      lines,
    })
  }
  return maps
}

function mapColumns(
  fields: readonly [string, FieldDefinition][],
  table: string,
  names: PhysicalNames,
  choose: ChooseColumn,
): Map<string, string> {
  const columns = new Map<string, string>()
  for (const [key, field] of fields) {
    if (!fieldTypeOf(field).column(field)) continue
    const column = choose(names, table, field)
    if (column) columns.set(key, column.column)
  }
  return columns
}
