import type { Pool } from 'pg'
import { conversionSql, converterSql } from './convert-column.ts'
import type { TableFacts } from './plan-tables.ts'
import { quoteName, quoteTable } from './quote.ts'
import type { TableState } from './read-table-state.ts'
import type { TableShape } from './shape-tables.ts'

/**
 * Counts what a plan has to say of the rows: empty values of fields that become required, values that a conversion
 * loses, groups that break a new uniqueness. Reads only; what it makes for counting is rolled back.
 */
export async function gatherFacts(
  owner: Pool,
  schema: string,
  shapes: readonly TableShape[],
  states: ReadonlyMap<string, TableState>,
): Promise<TableFacts> {
  const empty = new Map<string, number>()
  const unconvertible = new Map<string, number>()
  const duplicates = new Map<string, number>()
  const client = await owner.connect()
  try {
    // One processor and no more: those who write meanwhile need the others.
    await client.query('BEGIN; SET LOCAL max_parallel_workers_per_gather = 0')
    const count = async (sql: string) => Number((await client.query<{ n: string }>(sql)).rows[0]!.n)
    for (const shape of shapes) {
      const state = states.get(shape.table)
      if (!state || state.rows === 0) continue
      const table = quoteTable(schema, shape.table)
      for (const column of shape.columns) {
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
          if (column.required)
            empty.set(
              `${shape.table}.${column.column}`,
              await count(`SELECT count(*) AS n FROM ${table} WHERE ${converted} IS NULL`),
            )
        } else if (column.required && found && !found.required)
          empty.set(
            `${shape.table}.${column.column}`,
            await count(`SELECT count(*) AS n FROM ${table} WHERE ${name} IS NULL`),
          )
      }
      for (const index of shape.indexes) {
        if (!index.unique || state.indexes.get(index.name)) continue
        if (!index.columns.every((column) => state.columns.has(column))) continue
        const columns = index.columns.map(quoteName)
        const where = index.says.slice(index.says.indexOf(' WHERE ') + 7)
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
  return { empty, unconvertible, duplicates }
}
