import type { ClientBase, Pool } from 'pg'
import { quoteName } from './quote.ts'

/** What stands in a workspace's schema now, as Postgres says itself. */
export interface TableState {
  readonly table: string
  /** Estimate of the planner, exact for small tables; 0 only when the table is empty. */
  readonly rows: number
  readonly columns: ReadonlyMap<string, ColumnState>
  /** Name → whether it is valid (a concurrent build that failed leaves an invalid one). */
  readonly indexes: ReadonlyMap<string, boolean>
  /** Name → whether it holds for all rows, for foreign keys, exclusions and checks. */
  readonly constraints: ReadonlyMap<string, boolean>
}

export interface ColumnState {
  readonly type: string
  readonly required: boolean
  readonly default: string | null
}

export async function readTableStates(
  db: Pool | ClientBase,
  schema: string,
): Promise<Map<string, TableState>> {
  const at = [quoteName(schema)]
  const { rows: tables } = await db.query<{ table: string; rows: string }>(
    `SELECT relname AS "table", greatest(reltuples, 0)::bigint AS rows FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname NOT LIKE 'cw\\_%'`,
    at,
  )
  const { rows: columns } = await db.query<{
    table: string
    column: string
    type: string
    required: boolean
    default: string | null
  }>(
    `SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
            a.attnotnull AS required, pg_get_expr(d.adbin, d.adrelid) AS "default"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`,
    at,
  )
  const { rows: indexes } = await db.query<{ table: string; name: string; valid: boolean }>(
    `SELECT c.relname AS "table", i.relname AS name, x.indisvalid AND x.indisready AS valid
     FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     WHERE c.relnamespace = $1::regnamespace`,
    at,
  )
  const { rows: constraints } = await db.query<{ table: string; name: string; valid: boolean }>(
    `SELECT c.relname AS "table", k.conname AS name, k.convalidated AS valid
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE k.connamespace = $1::regnamespace AND k.contype IN ('f', 'x', 'c')`,
    at,
  )
  const pick = <T extends { table: string }>(list: readonly T[], table: string) =>
    list.filter((row) => row.table === table)
  const states = new Map<string, TableState>()
  for (const { table, rows } of tables) {
    states.set(table, {
      table,
      rows: Number(rows) || (await countUpTo(db, schema, table, 1_000)),
      columns: new Map(
        pick(columns, table).map((c) => [
          c.column,
          { type: c.type, required: c.required, default: c.default },
        ]),
      ),
      indexes: new Map(pick(indexes, table).map((i) => [i.name, i.valid])),
      constraints: new Map(pick(constraints, table).map((k) => [k.name, k.valid])),
    })
  }
  return states
}

/** The planner knows nothing of a table before its first ANALYZE. */
async function countUpTo(
  db: Pool | ClientBase,
  schema: string,
  table: string,
  most: number,
): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    `SELECT count(*) FROM (SELECT 1 FROM ${quoteName(schema)}.${quoteName(table)} LIMIT ${most}) few`,
  )
  return Number(rows[0]!.count)
}
