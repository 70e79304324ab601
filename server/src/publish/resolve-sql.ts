import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { SqlResolver, SqlSource } from '@channelwright/runtime/logic/compile-sql.ts'
import { platformColumns } from './physical-names.ts'
import { quoteName, quoteTable } from './quote.ts'

/** Physical names by key, as rules speak of them. */
export interface RuleTables {
  readonly schema: string
  readonly set: DefinitionSet
  /** Object key → table. */
  table(object: string): string | undefined
  /** Object key and field key → column. */
  column(object: string, field: string): string | undefined
}

/** What the person at hand is, as policies ask for it: a sub-select, so that it is read once per query. */
export const contextSources: Readonly<Record<string, SqlSource>> = {
  '$user.id': { sql: `(SELECT NULLIF(current_setting('cw.user', true), '')::uuid)` },
  '$user.partner': { sql: `(SELECT NULLIF(current_setting('cw.partner', true), '')::uuid)` },
  // The cast stands outside, else ANY would take the sub-select for the list itself.
  '$user.partners': { sql: `(SELECT NULLIF(current_setting('cw.partners', true), ''))::uuid[]` },
  $today: { sql: `(SELECT NULLIF(current_setting('cw.today', true), '')::date)` },
  $now: { sql: `(SELECT NULLIF(current_setting('cw.now', true), '')::timestamptz)` },
}

/**
 * Paths of a rule over records of `object`, where `row` is the alias of the table (empty: none). Paths through a
 * reference become scalar sub-selects, under the rights of whoever runs the query.
 */
export function resolveRecordSql(
  tables: RuleTables,
  object: ObjectDefinition,
  row: string,
  context: boolean,
): SqlResolver {
  return (path) => {
    if (path.startsWith('$')) return context ? (contextSources[path] ?? null) : null
    if (path.startsWith('@')) return recordsOf(tables, path.slice(1))
    return resolvePath(tables, object, row ? `${quoteName(row)}.` : '', path.split('.'), 0)
  }
}

/** The records of an object that a rule looks into by a unique key; those in the bin have none. */
function recordsOf(tables: RuleTables, key: string): SqlSource | null {
  const object = tables.set.objects.get(key)
  const table = tables.table(key)
  if (!object || !table) return null
  return {
    sql: '',
    rows: (alias) => ({
      from: `${quoteTable(tables.schema, table)} ${alias}`,
      where: `${alias}.deleted_at IS NULL`,
      order: `${alias}.id`,
      source: (path) => resolvePath(tables, object, `${alias}.`, path.split('.'), 1),
    }),
  }
}

function resolvePath(
  tables: RuleTables,
  object: ObjectDefinition,
  prefix: string,
  [key, ...rest]: readonly string[],
  depth: number,
): SqlSource | null {
  if (key === undefined) return null
  const field = object.schema.properties[key] as FieldDefinition | undefined
  const name = field ? tables.column(object.key, key) : platformColumns.find((c) => c === key)
  if (!name) return null
  const sql = `${prefix}${quoteName(name)}`
  if (rest.length === 0) return { sql, column: depth === 0, integer: field?.['x-field'] === 'integer' }
  const target =
    typeof field?.['x-object'] === 'string' ? tables.set.objects.get(field['x-object']) : undefined
  const table = target && tables.table(target.key)
  if (!target || !table) return null
  const alias = `r${depth}`
  const inner = resolvePath(tables, target, `${alias}.`, rest, depth + 1)
  if (!inner) return null
  return {
    sql: `(SELECT ${inner.sql} FROM ${quoteTable(tables.schema, table)} ${alias} WHERE ${alias}.id = ${sql})`,
    integer: inner.integer ?? false,
  }
}
