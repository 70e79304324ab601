import type { ClientBase, Pool } from 'pg'

/** What published things are called in Postgres; the whole memory of one workspace. */
export interface PhysicalNames {
  readonly tables: readonly PhysicalTable[]
  readonly columns: readonly PhysicalColumn[]
}

export interface PhysicalTable {
  /** x-id of the object. */
  readonly object: string
  /** x-id of the lines field whose rows the table holds; empty for the object's own table. */
  readonly lines: string
  readonly table: string
  readonly retired: boolean
}

export interface PhysicalColumn {
  readonly table: string
  readonly column: string
  /** x-id of the field. */
  readonly field: string
  /** As Postgres prints it. */
  readonly type: string
  readonly retired: boolean
}

/** Columns every object's table begins with; part of the platform, not of the definition. */
export const platformColumns = [
  'id',
  'rev',
  'release',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
] as const

/** Columns of a table that holds the lines of a record. */
export const lineColumns = ['id', 'record_id', 'position'] as const

/** Columns of Postgres itself, which no table may have of its own. */
const systemColumns = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']

export async function readPhysicalNames(db: Pool | ClientBase, workspaceId: string): Promise<PhysicalNames> {
  const { rows: tables } = await db.query<PhysicalTable>(
    `SELECT object, lines, table_name AS "table", retired FROM channelwright.physical_table
     WHERE workspace = $1 ORDER BY table_name`,
    [workspaceId],
  )
  const { rows: columns } = await db.query<PhysicalColumn>(
    `SELECT table_name AS "table", column_name AS "column", field, sql_type AS type, retired
     FROM channelwright.physical_column WHERE workspace = $1 ORDER BY table_name, column_name`,
    [workspaceId],
  )
  return { tables, columns }
}

/** A table name nobody has had: the key, or the key and a number. `cw_` is the platform's. */
export function chooseTableName(key: string, taken: ReadonlySet<string>): string {
  return firstFree(key.startsWith('cw_') || key.startsWith('pg_') ? `o_${key}` : key, taken)
}

/** A column name that no field of the table has had and that means nothing else. */
export function chooseColumnName(key: string, taken: ReadonlySet<string>, isLines: boolean): string {
  const reserved = new Set([...taken, ...(isLines ? lineColumns : platformColumns), ...systemColumns])
  return firstFree(key, reserved)
}

function firstFree(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key)) return key
  for (let n = 2; ; n++) if (!taken.has(`${key}_${n}`)) return `${key}_${n}`
}

/**
 * The column that holds a field: the one in use, else the one last retired (an old release still reads it).
 * Undefined: the field was never published.
 */
export function columnOf(names: PhysicalNames, table: string, field: string): PhysicalColumn | undefined {
  const all = names.columns.filter((c) => c.table === table && c.field === field)
  return all.find((c) => !c.retired) ?? all.at(-1)
}

export function tableOf(names: PhysicalNames, object: string, lines = ''): PhysicalTable | undefined {
  return names.tables.find((t) => t.object === object && t.lines === lines)
}
