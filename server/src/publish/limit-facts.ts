import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { fieldTypeOf } from '@channelwright/runtime/fields/index.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { ClientBase } from 'pg'
import { codeOf } from '../db/failures.ts'
import { quoteText } from './quote.ts'

/** Values that stand in records and that a field's new limits refuse. */
export interface BrokenLimit {
  readonly rows: number
  /** Not everything was looked at in the time there is: there may be more. */
  readonly more: boolean
  /** Ids of a few of the records. */
  readonly examples: readonly string[]
}

/** Where the values of one field stand. */
export interface LimitedColumn {
  /** Quoted, with its schema. */
  readonly table: string
  /** The value as SQL over that table, converted where the publish converts it. */
  readonly value: string
  /** As Postgres prints the type of `value`. */
  readonly type: string
  /** The column that names the record: `id`, of lines `record_id`. */
  readonly record: 'id' | 'record_id'
}

/** For one field, in milliseconds; a plan is looked at by somebody who waits for it. */
const longestCount = 8_000
const mostExamples = 5
const batchRows = 10_000

/** How many records break limits that the field did not have before; null: it has no new ones. */
export async function countBroken(
  client: ClientBase,
  column: LimitedColumn,
  before: FieldDefinition,
  after: FieldDefinition,
): Promise<BrokenLimit | null> {
  const limits = newLimits(before, after)
  const conditions: string[] = []
  for (const [keyword, limit] of limits) {
    const sql = breakSql(keyword, limit, column)
    // What SQL cannot tell, such as a pattern, is asked of the validator itself.
    if (sql === null) return scan(client, column, after)
    if (sql) conditions.push(sql)
  }
  if (!conditions.length) return null
  const where = `${column.record === 'id' ? 'deleted_at IS NULL AND ' : ''}(${conditions.join(' OR ')})`
  return countWhere(client, `SELECT ${column.record} AS record FROM ${column.table} WHERE ${where}`)
}

/** The same for the number of lines that a record may have. */
export async function countBrokenLines(
  client: ClientBase,
  tables: { readonly parent: string; readonly lines: string },
  before: FieldDefinition,
  after: FieldDefinition,
): Promise<BrokenLimit | null> {
  const conditions = newLimits(before, after).flatMap(([keyword, limit]) =>
    keyword === 'maxItems'
      ? [`count(l.id) > ${Number(limit)}`]
      : keyword === 'minItems'
        ? [`count(l.id) < ${Number(limit)}`]
        : [],
  )
  if (!conditions.length) return null
  return countWhere(
    client,
    `SELECT t.id AS record FROM ${tables.parent} t LEFT JOIN ${tables.lines} l ON l.record_id = t.id
     WHERE t.deleted_at IS NULL GROUP BY t.id HAVING ${conditions.join(' OR ')}`,
  )
}

/** What the new schema says that the old one did not, or said otherwise. */
function newLimits(before: FieldDefinition, after: FieldDefinition): [string, Json][] {
  const [old, now] = [fieldTypeOf(before).validation(before), fieldTypeOf(after).validation(after)]
  return Object.entries(now).filter(
    ([keyword, limit]) =>
      keyword !== 'type' &&
      JSON.stringify(old[keyword]) !== JSON.stringify(limit) &&
      // The places of a number are the column's type: converting counts what they lose.
      !(keyword === 'pattern' && now.format === 'decimal'),
  )
}

/** True where the value breaks the keyword; empty: no value can; null: only the validator knows. */
function breakSql(keyword: string, limit: Json, { value, type }: LimitedColumn): string | null {
  const literal = `${quoteText(String(limit))}::${type}`
  const isList = type.endsWith('[]')
  switch (keyword) {
    case 'maxLength':
      return `char_length(${value}) > ${Number(limit)}`
    case 'minLength':
      return `char_length(${value}) < ${Number(limit)}`
    case 'minimum':
    case 'formatMinimum':
      return `${value} < ${literal}`
    case 'maximum':
    case 'formatMaximum':
      return `${value} > ${literal}`
    case 'minItems':
      return isList ? `cardinality(${value}) < ${Number(limit)}` : null
    case 'maxItems':
      return isList ? `cardinality(${value}) > ${Number(limit)}` : null
    case 'enum':
      return Array.isArray(limit) ? `${value} <> ALL (${arrayOf(limit)})` : null
    case 'items': {
      const choices = (limit as JsonObject | null)?.enum
      return isList && Array.isArray(choices) ? `NOT ${value} <@ ${arrayOf(choices)}` : null
    }
    case 'uniqueItems':
      return ''
    case 'format':
      return limit === 'decimal' || limit === 'date' || limit === 'uuid' ? '' : null
    default:
      return null
  }
}

function arrayOf(values: readonly Json[]): string {
  return `ARRAY[${values.map((value) => quoteText(String(value))).join(', ')}]::text[]`
}

/** In the time there is; a count that takes longer is given up, and said to be unknown. */
async function countWhere(client: ClientBase, select: string): Promise<BrokenLimit | null> {
  const end = 'RELEASE SAVEPOINT cw_count; SET LOCAL statement_timeout = DEFAULT'
  await client.query(`SAVEPOINT cw_count; SET LOCAL statement_timeout = ${longestCount}`)
  try {
    const { rows } = await client.query<{ n: string; examples: string[] | null }>(
      `WITH broken AS MATERIALIZED (${select})
       SELECT count(DISTINCT record) AS n, (array_agg(DISTINCT record))[1:${mostExamples}]::text[] AS examples FROM broken`,
    )
    await client.query(end)
    const { n, examples } = rows[0]!
    return Number(n) ? { rows: Number(n), more: false, examples: examples ?? [] } : null
  } catch (error) {
    if (codeOf(error) !== '57014') throw error
    await client.query(`ROLLBACK TO SAVEPOINT cw_count; ${end}`)
    return { rows: 0, more: true, examples: [] }
  }
}

/** Row by row through the validator that will judge the records from now on. */
async function scan(
  client: ClientBase,
  { table, value, record }: LimitedColumn,
  field: FieldDefinition,
): Promise<BrokenLimit | null> {
  const type = fieldTypeOf(field)
  const check = compileCheck(createValidator(), type.validation(field))
  const until = performance.now() + longestCount
  const broken = new Set<string>()
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await client.query<{ id: string; record: string; value: unknown }>(
      `SELECT id, ${record} AS record, ${value} AS value FROM ${table}
       WHERE id > $1 AND ${record === 'id' ? 'deleted_at IS NULL AND ' : ''}${value} IS NOT NULL ORDER BY id LIMIT ${batchRows}`,
      [after],
    )
    for (const row of rows) if (check(type.fromColumn(row.value, field)).length) broken.add(row.record)
    const more = rows.length === batchRows
    if (more && performance.now() < until) {
      after = rows.at(-1)!.id
      continue
    }
    if (!broken.size && !more) return null
    return { rows: broken.size, more, examples: [...broken].slice(0, mostExamples) }
  }
}
