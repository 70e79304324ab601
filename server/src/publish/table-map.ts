import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { fieldTypeOf, linesOf } from '@channelwright/runtime/fields/index.ts'
import type { TableMap } from '../services.ts'
import { columnOf, type PhysicalNames, tableOf } from './physical-names.ts'

/** Where the objects and fields of a release are stored, by the x-ids that outlive every rename. */
export function mapTables(release: Release, names: PhysicalNames): Map<string, TableMap> {
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
          columns: mapColumns(Object.entries(rows.properties), child.table, names),
          lines: new Map(),
        })
    }
    maps.set(object.key, {
      object: object.key,
      table: table.table,
      columns: mapColumns(fields, table.table, names),
      lines,
    })
  }
  return maps
}

function mapColumns(
  fields: readonly [string, FieldDefinition][],
  table: string,
  names: PhysicalNames,
): Map<string, string> {
  const columns = new Map<string, string>()
  for (const [key, field] of fields) {
    if (!fieldTypeOf(field).column(field)) continue
    const column = columnOf(names, table, field['x-id'])
    if (column) columns.set(key, column.column)
  }
  return columns
}
