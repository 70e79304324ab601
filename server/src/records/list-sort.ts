import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { cursorInvalid, listInvalid } from '@channelwright/runtime/errors/records.ts'
import { type CursorKeys, readCursor, writeCursor } from './cursor.ts'
import type { RecordTable } from './record-table.ts'

/** One key of a list's order. */
export interface SortKey {
  readonly name: string
  readonly descending: boolean
  /** SQL over the row `t`. */
  readonly sql: string
  /** What a cursor's text is cast to. */
  readonly cast: string
  readonly nullable: boolean
}

const platformKeys: Readonly<Record<string, string>> = {
  id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
}

/**
 * Reads `-amount,number`. Empty values count as the greatest, as in Postgres' own order, so that an index serves
 * both directions; the id settles ties in the direction of the first key. Throws LIST_INVALID.
 */
export function readSort(table: RecordTable, readable: ReadonlySet<string>, sort: string): SortKey[] {
  const keys: SortKey[] = []
  for (const part of sort.split(',').filter(Boolean)) {
    const descending = part.startsWith('-')
    const name = descending ? part.slice(1) : part
    if (keys.length === 5 || keys.some((key) => key.name === name)) throw refuse(part)
    keys.push({ name, descending, ...locate(table, readable, name, part) })
  }
  if (!keys.some((key) => key.name === 'id'))
    keys.push({
      name: 'id',
      descending: keys[0]?.descending ?? true,
      sql: 't.id',
      cast: 'uuid',
      nullable: false,
    })
  return keys
}

function locate(table: RecordTable, readable: ReadonlySet<string>, name: string, part: string) {
  const cast = Object.hasOwn(platformKeys, name) ? platformKeys[name] : undefined
  if (cast) return { sql: `t.${name}`, cast, nullable: false }
  const [key = '', edge, ...rest] = name.split('.')
  const field = table.fields.get(key)
  const column = field?.column && field.type.column(field.definition)
  if (!field?.column || !column || !field.type.sortable || !readable.has(key) || rest.length)
    throw refuse(part)
  const required = table.object.schema.required?.includes(key) ?? false
  if (edge === undefined) {
    const collate = column.collation ? ` COLLATE "${column.collation}"` : ''
    return { sql: `t.${field.column}`, cast: column.sql + collate, nullable: !required }
  }
  if (column.sql !== 'daterange' || (edge !== 'from' && edge !== 'to')) throw refuse(part)
  return { sql: `${edge === 'from' ? 'lower' : 'upper'}(t.${field.column})`, cast: 'date', nullable: true }
}

function refuse(value: string): Refusal {
  return new Refusal(listInvalid, { name: 'sort', value: value.slice(0, 80) })
}

export function orderBy(keys: readonly SortKey[]): string {
  return keys.map((key) => `${key.sql}${key.descending ? ' DESC' : ''}`).join(', ')
}

/** What makes a cursor belong to this list and to no other. */
function signatureOf(table: RecordTable, keys: readonly SortKey[]): string {
  return `${table.from}\n${keys.map((key) => `${key.descending ? '-' : ''}${key.name}:${key.cast}`).join(',')}`
}

export function closePage(
  secret: string,
  table: RecordTable,
  keys: readonly SortKey[],
  values: CursorKeys,
): string {
  return writeCursor(secret, signatureOf(table, keys), values)
}

/**
 * SQL for "after the row that the cursor names"; binds its values by `bind`. With keys that never are empty and go
 * one way it is a row comparison, which an index answers directly. Throws CURSOR_INVALID.
 */
export function afterCursor(
  secret: string,
  table: RecordTable,
  keys: readonly SortKey[],
  cursor: string,
  bind: (value: unknown) => string,
): string {
  let values: CursorKeys
  try {
    values = readCursor(secret, signatureOf(table, keys), cursor, keys.length)
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(cursorInvalid)
    throw error
  }
  const bound = keys.map((key, at) => (values[at] === null ? null : `${bind(values[at])}::${key.cast}`))
  const descending = keys[0]!.descending
  if (keys.every((key) => !key.nullable && key.descending === descending))
    return `(${keys.map((key) => key.sql).join(', ')}) ${descending ? '<' : '>'} (${bound.join(', ')})`
  const steps = keys.map((key, at) => {
    const equal = keys.slice(0, at).map((before, i) => same(before, bound[i]!))
    return [...equal, beyond(key, bound[at]!)].join(' AND ')
  })
  return `(${steps.map((step) => `(${step})`).join(' OR ')})`
}

function same(key: SortKey, value: string | null): string {
  return value === null ? `${key.sql} IS NULL` : `${key.sql} = ${value}`
}

/** Strictly after `value` in the direction of the key, empty being greatest. */
function beyond(key: SortKey, value: string | null): string {
  if (key.descending) return value === null ? `${key.sql} IS NOT NULL` : `${key.sql} < ${value}`
  if (value === null) return 'false'
  return key.nullable ? `(${key.sql} > ${value} OR ${key.sql} IS NULL)` : `${key.sql} > ${value}`
}
