import type { Unit } from '../db/unit.ts'
import { quoteName } from '../publish/quote.ts'
import { gramsSql, searchedFields } from '../publish/searched-fields.ts'
import type { RecordTable } from './record-table.ts'

type Bind = (value: unknown) => string

/** A text that is looked for in some of a record's fields. */
export interface TextSearch {
  /** Contained in any of the fields, whatever the case of letters. */
  readonly found: string
  /** What an index tells of it, where all of the fields have one: true of every record that is found. */
  readonly indexed: ((bind: Bind) => string) | null
}

/** Rows from where a page begins that are looked through before the index is asked. */
const nearRows = 2_000

/** `keys` are the fields that are searched, as far as they are texts that the reader may read. */
export function searchText(
  unit: Unit,
  table: RecordTable,
  keys: readonly string[],
  readable: ReadonlySet<string>,
  text: string,
  bind: Bind,
): TextSearch {
  const searched = keys.flatMap((key) => {
    const field = table.fields.get(key)
    return field?.column && readable.has(key) && field.type.column(field.definition)?.sql === 'text'
      ? [{ key, column: `t.${field.column}` }]
      : []
  })
  if (!searched.length) return { found: 'false', indexed: null }
  const looked = text.normalize('NFC')
  const pattern = bind(`%${looked.replace(/[\\%_]/g, (char) => `\\${char}`)}%`)
  const found = `(${searched.map(({ column }) => `${column} COLLATE "C" ILIKE ${pattern}`).join(' OR ')})`
  const { release, workspace } = unit.served
  const indexed = searchedFields(release, table.key)
  // One field without an index would have all rows read anyway; a single ASCII letter is in no index.
  if (!searched.every(({ key }) => indexed.has(key)) || /^[\0-\x7f]?$/.test(looked))
    return { found, indexed: null }
  const grams = (of: string) => gramsSql(quoteName(workspace.schema), of)
  return {
    found,
    indexed(bindMore) {
      const wanted = grams(`${bindMore(looked)}::text`)
      return `(${searched.map(({ column }) => `${grams(column)} @> ${wanted}`).join(' OR ')})`
    },
  }
}

/** A list as its parts of SQL; the table is `t`. */
export interface SearchedList {
  readonly select: string
  readonly from: string
  /** Everything but the search. */
  readonly where: string
  readonly order: string
  readonly limit: number
}

/**
 * A page of what is found. A word that many records have fills it from the first rows in the order of the list; for all
 * others the index is asked. Postgres itself cannot weigh the two: it would take the grams of one word for independent
 * of each other, and every word for rare.
 */
export async function listFound(
  unit: Unit,
  { select, from, where, order, limit }: SearchedList,
  { found, indexed }: TextSearch,
  values: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const tail = `ORDER BY ${order} LIMIT ${limit}`
  if (!indexed)
    return unit.query(`SELECT ${select} FROM ${from} t WHERE ${where} AND ${found} ${tail}`, [...values])
  const near = `ARRAY(SELECT t.id FROM ${from} t WHERE ${where} ORDER BY ${order} LIMIT ${nearRows})`
  const rows = await unit.query(
    `SELECT ${select} FROM ${from} t WHERE t.id = ANY (${near}) AND ${found} ${tail}`,
    [...values],
  )
  if (rows.length === limit) return rows
  const all = [...values]
  const condition = indexed((value) => `$${all.push(value)}`)
  return unit.query(
    `SELECT ${select} FROM ${from} t WHERE ${where} AND ${found} AND ${condition} ${tail}`,
    all,
  )
}
