import type { Pool } from 'pg'
import { conversionSql, converterSql } from './convert-column.ts'
import { type BrokenLimit, countBroken, countBrokenLines } from './limit-facts.ts'
import type { KnownFields, TableFacts } from './plan-tables.ts'
import { quoteName, quoteTable } from './quote.ts'
import type { TableState } from './read-table-state.ts'
import { inSchema, type TableShape } from './shape-tables.ts'

/**
 * Counts what a plan has to say of the rows: empty values of fields that become required, values that a conversion
 * loses, groups that break a new uniqueness, overlaps that break a new exclusion, values that break new limits. Reads only; what it makes for counting is rolled back.
 */
export async function gatherFacts(
  owner: Pool,
  schema: string,
  shapes: readonly TableShape[],
  states: ReadonlyMap<string, TableState>,
  known: KnownFields,
): Promise<TableFacts> {
  const empty = new Map<string, number>()
  const unconvertible = new Map<string, number>()
  const duplicates = new Map<string, number>()
  const overlaps = new Map<string, { rows: number; overlapping: number }>()
  const limits = new Map<string, BrokenLimit>()
  const client = await owner.connect()
  try {
    // One processor and no more: those who write meanwhile need the others.
    await client.query('BEGIN; SET LOCAL max_parallel_workers_per_gather = 0')
    const count = async (sql: string) => Number((await client.query<{ n: string }>(sql)).rows[0]!.n)
    for (const shape of shapes) {
      const state = states.get(shape.table)
      if (!state || state.rows === 0) continue
      const table = quoteTable(schema, shape.table)
      const record = shape.lines ? 'record_id' : 'id'
      const noteLimit = (at: string, broken: BrokenLimit | null) => broken && limits.set(at, broken)
      if (shape.lines && shape.definition) {
        const before = known.field(shape.object, '', shape.lines)?.definition
        const tables = { parent: quoteTable(schema, shape.parent!), lines: table }
        if (before) noteLimit(shape.table, await countBrokenLines(client, tables, before, shape.definition))
      }
      for (const column of shape.columns) {
        const before = known.field(shape.object, shape.lines, column.field)?.definition
        const check = async (value: string) =>
          before &&
          noteLimit(
            `${shape.table}.${column.column}`,
            await countBroken(client, { table, value, type: column.sql, record }, before, column.definition),
          )
        const name = quoteName(column.column)
        const found = state.columns.get(column.column)
        const source = column.origin.kind === 'converted' ? column.origin.from : null
        if (source && state.columns.has(source.column)) {
          await client.query(converterSql(schema, source.type, column.sql))
          const to = {
            column: column.column,
            type: column.sql,
            exists: column.origin.kind === 'converted' && column.origin.exists && found !== undefined,
          }
          const converted = conversionSql(schema, source, to)
          const lost = await count(
            `SELECT count(*) AS n FROM ${table} WHERE ${quoteName(source.column)} IS NOT NULL AND ${converted} IS NULL`,
          )
          unconvertible.set(`${shape.table}.${column.column}`, lost)
          await check(converted)
          if (column.required)
            empty.set(
              `${shape.table}.${column.column}`,
              await count(`SELECT count(*) AS n FROM ${table} WHERE ${converted} IS NULL`),
            )
          continue
        }
        if (!found) continue
        await check(name)
        if (column.required && !found.required)
          empty.set(
            `${shape.table}.${column.column}`,
            await count(`SELECT count(*) AS n FROM ${table} WHERE ${name} IS NULL`),
          )
      }
      for (const exclusion of shape.exclusions) {
        if (state.constraints.has(exclusion.name)) continue
        const mentioned = shape.columns.filter((c) => !state.columns.has(c.column))
        if (mentioned.some((c) => exclusion.says.includes(quoteName(c.column)))) continue
        const [same, period] = [exclusion.columns.map(quoteName), quoteName(exclusion.period)]
        const filled = [...same, period].map((column) => `${column} IS NOT NULL`).join(' AND ')
        const { rows } = await client.query<{ rows: string; overlapping: string }>(
          `SELECT count(*) AS rows, count(*) FILTER (WHERE taken) AS overlapping FROM (
             SELECT COALESCE(lower(${period}), '-infinity') < max(COALESCE(upper(${period}), 'infinity')) OVER (
               PARTITION BY ${same.join(', ') || 'true'} ORDER BY lower(${period}) NULLS FIRST, id
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken
             FROM ${table} WHERE (${inSchema(schema, exclusion.where)}) AND ${filled} AND NOT isempty(${period})) compared`,
        )
        overlaps.set(exclusion.name, {
          rows: Number(rows[0]!.rows),
          overlapping: Number(rows[0]!.overlapping),
        })
      }
      for (const index of shape.indexes) {
        if (!index.unique || state.indexes.get(index.name)) continue
        if (!index.columns.every((column) => state.columns.has(column))) continue
        const columns = index.columns.map(quoteName)
        const where = inSchema(schema, index.says.slice(index.says.indexOf(' WHERE ') + 7))
        if (shape.columns.some((c) => !state.columns.has(c.column) && where.includes(quoteName(c.column))))
          continue
        const filled = columns.map((column) => `${column} IS NOT NULL`).join(' AND ')
        duplicates.set(
          index.name,
          await count(
            `SELECT count(*) AS n FROM (SELECT 1 FROM ${table} WHERE (${where}) AND ${filled} GROUP BY ${columns.join(', ')} HAVING count(*) > 1) twice`,
          ),
        )
      }
    }
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
  return { empty, unconvertible, duplicates, overlaps, limits }
}
