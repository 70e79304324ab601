import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { compileRecordRule } from '../publish/compile-condition.ts'
import { quoteName } from '../publish/quote.ts'
import { type RuleTables, resolveRecordSql } from '../publish/resolve-sql.ts'
import type { Actor, ServedRelease } from '../services.ts'
import { grantedParts, rightsOn, rolesKey } from './object-rights.ts'
import { platformColumns, type RecordTable, tableOf } from './record-table.ts'

type Reader = { readonly served: ServedRelease; readonly actor: Pick<Actor, 'roles'> }

/**
 * An object as these roles read it. Postgres adds the columns of all their grants up and the rows too; where one grant
 * opens more columns and another more rows, a column must show nothing on rows that no grant opens it on. There the
 * table is read through a sub-select that says so column by column, for whatever is asked of it: lists, filters,
 * orders, titles. Everywhere else, which is nearly always, this is the table itself.
 */
export function seenTable({ served, actor }: Reader, object: string): RecordTable {
  const table = tableOf(served, object)
  const masks = maskedColumns({ served, actor }, table)
  if (!masks.size) return table
  const address = `records/seen/${object}/${rolesKey(actor.roles)}`
  const kept = served.cache.get(address) as RecordTable | undefined
  if (kept) return kept
  const { read } = rightsOn(served, actor, object)
  const columns = [...table.fields.values()].flatMap(({ key, column }) => {
    if (!column || !read?.has(key)) return []
    const mask = masks.get(key)
    return mask === undefined ? `t.${column}` : `CASE WHEN ${mask} THEN t.${column} END AS ${column}`
  })
  const names = [...platformColumns, 'deleted_at'].map((name) => `t.${name}`)
  const { schema } = table.object
  const seen: RecordTable = {
    ...table,
    from: `(SELECT ${[...names, ...columns].join(', ')} FROM ${table.from} t)`,
    object: {
      ...table.object,
      schema: { ...schema, required: (schema.required ?? []).filter((key) => !masks.has(key)) },
    },
  }
  served.cache.set(address, seen)
  return seen
}

/** Fields that these roles read on some of their rows only, each with the condition over the row `t`. */
export function maskedColumns({ served, actor }: Reader, table: RecordTable): ReadonlyMap<string, string> {
  const address = `records/masks/${table.key}/${rolesKey(actor.roles)}`
  const kept = served.cache.get(address) as ReadonlyMap<string, string> | undefined
  if (kept) return kept
  const masks = new Map<string, string>()
  const parts = grantedParts(served, actor.roles, table.key, 'read')
  const { read } = rightsOn(served, actor, table.key)
  for (const key of parts.length > 1 && read ? read : []) {
    const openers = parts.filter((part) => part.fields.has(key))
    if (openers.length === parts.length || openers.some((part) => part.rows === true)) continue
    masks.set(key, openers.map((part) => rowsSql({ served, actor }, table.object, part.rows)).join(' OR '))
  }
  served.cache.set(address, masks)
  return masks
}

/** The rows of a grant as SQL. A rule over columns that these roles may not read themselves opens nothing more here. */
function rowsSql({ served, actor }: Reader, object: ObjectDefinition, rows: unknown): string {
  const tables: RuleTables = {
    schema: served.workspace.schema,
    set: served.release,
    table: (key) => served.tables.get(key)?.table,
    column: (key, field) => served.tables.get(key)?.columns.get(field),
  }
  const resolver = resolveRecordSql(tables, object, 't', true)
  const { sql, reads } = compileRecordRule(
    served.release,
    object,
    rows,
    resolver,
    object.key,
    quoteName(served.workspace.schema),
  )
  const { read } = rightsOn(served, actor, object.key)
  const isReadable = reads.every((path) => {
    const [key = ''] = path.split('.')
    return key.startsWith('$') || !object.schema.properties[key] || read?.has(key)
  })
  return isReadable ? `(${sql})` : 'false'
}
