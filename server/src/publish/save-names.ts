import type { ClientBase } from 'pg'
import { quoteTable } from './quote.ts'
import type { TableShape } from './shape-tables.ts'

/**
 * Remembers the names of tables and columns that are about to be made, out of use until the switch: what a publish
 * that is cut short leaves behind is found again by the next.
 */
export async function rememberNames(
  client: ClientBase,
  workspaceId: string,
  shapes: readonly TableShape[],
): Promise<void> {
  await client.query(
    `INSERT INTO channelwright.physical_table (workspace, object, lines, table_name, retired)
     SELECT $1, t.object, t.lines, t.table_name, true
     FROM jsonb_to_recordset($2::jsonb) AS t (object text, lines text, table_name text)
     ON CONFLICT (workspace, object, lines) DO NOTHING`,
    [
      workspaceId,
      JSON.stringify(shapes.map((s) => ({ object: s.object, lines: s.lines, table_name: s.table }))),
    ],
  )
  await client.query(
    `INSERT INTO channelwright.physical_column (workspace, table_name, column_name, field, sql_type, retired)
     SELECT $1, c.table_name, c.column_name, c.field, c.sql_type, true
     FROM jsonb_to_recordset($2::jsonb) AS c (table_name text, column_name text, field text, sql_type text)
     ON CONFLICT (workspace, table_name, column_name) DO NOTHING`,
    [workspaceId, JSON.stringify(columnRows(shapes))],
  )
}

/** Puts the tables and columns of the release into use and everything else out of it; with the switch. */
export async function useNames(
  client: ClientBase,
  workspaceId: string,
  schema: string,
  shapes: readonly TableShape[],
): Promise<void> {
  const tables = shapes.map((s) => s.table)
  const columns = JSON.stringify(columnRows(shapes))
  await client.query(
    `UPDATE channelwright.physical_table SET retired = NOT (table_name = ANY ($2::text[]))
     WHERE workspace = $1 AND retired = (table_name = ANY ($2::text[]))`,
    [workspaceId, tables],
  )
  // First out, then in: one field has one column in use at any time.
  await client.query(
    `UPDATE channelwright.physical_column p SET retired = true
     WHERE workspace = $1 AND NOT retired AND NOT EXISTS (
       SELECT FROM jsonb_to_recordset($2::jsonb) AS c (table_name text, column_name text)
       WHERE c.table_name = p.table_name AND c.column_name = p.column_name)`,
    [workspaceId, columns],
  )
  await client.query(
    `UPDATE channelwright.physical_column p SET retired = false, sql_type = c.sql_type
     FROM jsonb_to_recordset($2::jsonb) AS c (table_name text, column_name text, sql_type text)
     WHERE p.workspace = $1 AND c.table_name = p.table_name AND c.column_name = p.column_name
       AND (p.retired OR p.sql_type <> c.sql_type)`,
    [workspaceId, columns],
  )
  const fields = shapes.flatMap((s) =>
    s.columns.map((c) => ({
      object: s.object,
      lines: s.lines,
      field: c.field,
      table_name: s.table,
      column_name: c.column,
    })),
  )
  const known = quoteTable(schema, 'cw_field')
  await client.query(`DELETE FROM ${known}`)
  await client.query(
    `INSERT INTO ${known} (object, lines, field, table_name, column_name)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS f (object text, lines text, field text, table_name text, column_name text)`,
    [JSON.stringify(fields)],
  )
}

function columnRows(shapes: readonly TableShape[]) {
  return shapes.flatMap((s) =>
    s.columns.map((c) => ({ table_name: s.table, column_name: c.column, field: c.field, sql_type: c.sql })),
  )
}
