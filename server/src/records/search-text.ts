import type { Unit } from '../db/unit.ts'
import { quoteName } from '../publish/quote.ts'
import { gramsSql, searchedFields } from '../publish/searched-fields.ts'
import { type RecordTable, tableOf } from './record-table.ts'

type Bind = (value: unknown) => string

/** A text that is looked for in some of a record's fields. */
export interface TextSearch {
  /** Contained in any of the fields, whatever the case of letters. */
  readonly found: string
  /**
   * Ids of all records that an index finds, of which the reader may see any; null: more than it is worth to name. Asked
   * once. Nothing else may be asked in the unit meanwhile. Without: not all of the fields have an index.
   */
  readonly named: (() => Promise<readonly string[] | null>) | null
}

/** Rows from where a page begins that are looked through before the index is asked. */
const nearRows = 2_000

/** More records than this are not named by an index: a list finds so many as it goes along. */
const mostNamed = 5_000

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
  if (!searched.length) return { found: 'false', named: null }
  const looked = text.normalize('NFC')
  const pattern = `%${looked.replace(/[\\%_]/g, (char) => `\\${char}`)}%`
  const holds = (bound: string) =>
    `(${searched.map(({ column }) => `${column} COLLATE "C" ILIKE ${bound}`).join(' OR ')})`
  const found = holds(bind(pattern))
  const { release, workspace } = unit.served
  const indexed = searchedFields(release, table.key)
  // One field without an index would have all rows read anyway; a single ASCII letter is in no index.
  if (!searched.every(({ key }) => indexed.has(key)) || /^[\0-\x7f]?$/.test(looked))
    return { found, named: null }
  const grams = (of: string) => gramsSql(quoteName(workspace.schema), of)
  const byIndex = searched.map(({ column }) => `${grams(column)} @> ${grams('$2::text')}`).join(' OR ')
  let named: Promise<readonly string[] | null> | undefined
  return {
    found,
    named() {
      named ??= nameFound(unit, table, `${holds('$1')} AND (${byIndex})`, [pattern, looked])
      return named
    },
  }
}

/**
 * Asked as the engine: what Postgres does not know to keep silent about rows goes behind the policies of whoever asks,
 * so that no index of it would ever be read for them. The ids say only where to look: what the reader sees, and that it
 * is found there, is asked of those rows with the reader's own rights.
 */
async function nameFound(
  unit: Unit,
  table: RecordTable,
  condition: string,
  values: readonly unknown[],
): Promise<readonly string[] | null> {
  const { from } = tableOf(unit.served, table.key)
  const rows = await unit.asEngine(() =>
    unit.query<{ id: string }>(
      `SELECT t.id FROM ${from} t WHERE ${condition} AND t.deleted_at IS NULL LIMIT ${mostNamed + 1}`,
      [...values],
    ),
  )
  return rows.length > mostNamed ? null : rows.map(({ id }) => id)
}

/** The condition that a search adds to those of a list: for all rows, or for those that an index has named. */
export function foundAmong({ found }: TextSearch, ids: readonly string[] | null, bind: Bind): string {
  return ids === null ? found : `t.id = ANY (${bind(ids)}::uuid[]) AND ${found}`
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
  search: TextSearch,
  values: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const { found, named } = search
  const tail = `ORDER BY ${order} LIMIT ${limit}`
  const all = [...values]
  if (named) {
    const near = `ARRAY(SELECT t.id FROM ${from} t WHERE ${where} ORDER BY ${order} LIMIT ${nearRows})`
    const rows = await unit.query(
      `SELECT ${select} FROM ${from} t WHERE t.id = ANY (${near}) AND ${found} ${tail}`,
      [...values],
    )
    if (rows.length === limit) return rows
  }
  const among = foundAmong(search, named && (await named()), (value) => `$${all.push(value)}`)
  return unit.query(`SELECT ${select} FROM ${from} t WHERE ${where} AND ${among} ${tail}`, all)
}
