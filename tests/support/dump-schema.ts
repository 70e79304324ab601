import type pg from 'pg'

/** The catalogue's tables, functions and triggers as text that reads like SQL and diffs line by line. */
export async function dumpSchema(
  client: Pick<pg.Client, 'query'>,
  schema = 'channelwright',
): Promise<string> {
  // Names inside the schema are told without it, whatever the user's own path: `"$user"` may be the schema's name.
  await client.query(`SELECT set_config('search_path', quote_ident($1), false)`, [schema])
  const read = async (text: string) =>
    (await client.query<{ line: string }>(text, [schema])).rows.map((r) => r.line)
  const { rows: tables } = await client.query<{ name: string; oid: string }>(
    `SELECT relname AS name, c.oid::text AS oid FROM pg_class c
      WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`,
    [schema],
  )
  const parts: string[] = [
    '-- What the migrations make, as Postgres tells it. Written by tests/contract/schema.test.ts.',
  ]
  for (const { name, oid } of tables) parts.push(await dumpTable(client, `${schema}.${name}`, oid))
  const indexes = await read(
    `SELECT pg_get_indexdef(i.indexrelid) || ';' AS line
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = $1::regnamespace
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
      ORDER BY c.relname`,
  )
  const functions = await read(
    `SELECT pg_get_functiondef(p.oid) || ';' AS line FROM pg_proc p
      WHERE pronamespace = $1::regnamespace ORDER BY proname, p.oid::regprocedure::text`,
  )
  const triggers = await read(
    `SELECT pg_get_triggerdef(t.oid) || ';' AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = $1::regnamespace AND NOT tgisinternal ORDER BY c.relname, tgname`,
  )
  parts.push(indexes.join('\n'), ...functions, triggers.join('\n'))
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

async function dumpTable(client: Pick<pg.Client, 'query'>, name: string, oid: string): Promise<string> {
  const columns = await client.query<{ line: string }>(
    `SELECT quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
              || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
              || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') AS line
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [oid],
  )
  const constraints = await client.query<{ line: string }>(
    // From version 18 on NOT NULL is a constraint with a name too.
    `SELECT 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) AS line
       FROM pg_constraint WHERE conrelid = $1 AND contype <> 'n' ORDER BY contype, conname`,
    [oid],
  )
  const lines = [...columns.rows, ...constraints.rows].map(({ line }) => `  ${line}`)
  return `TABLE ${name} (\n${lines.join(',\n')}\n);`
}
