import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { PoolClient } from 'pg'
import { lockRoles } from '../access/ensure-roles.ts'
import { engineRoleOf, memberRoleOf } from '../access/pg-role.ts'
import type { Services, Workspace } from '../services.ts'
import { quoteName, quoteTable, quoteText } from './quote.ts'
import { inShortTransaction } from './with-lock.ts'

const folder = new URL('./workspace-tables/', import.meta.url)
let texts: Promise<{ name: string; text: string }[]> | undefined

/** The files of `workspace-tables/`, by name, which is their order. Each may be run again at any time. */
export function readWorkspaceTables(): Promise<{ name: string; text: string }[]> {
  texts ??= readdir(folder).then((names) =>
    Promise.all(
      names
        .filter((name) => name.endsWith('.sql'))
        .sort()
        .map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })),
    ),
  )
  return texts
}

/**
 * Makes or brings up to date the platform's own tables (`cw_…`) in a workspace's schema, and closes them: row-level
 * security forced, everything to the engine, nothing to anybody else but what the files grant. The files may say
 * `{{schema}}`, `{{engine}}`, `{{member}}` (all people of the workspace), `{{owner}}`, and `{{schema_text}}` for the
 * schema's name as a text. Runs in the caller's transaction; does nothing when they are as they should be.
 */
export async function applyWorkspaceTables(
  client: PoolClient,
  services: Pick<Services, 'installation'>,
  workspace: Pick<Workspace, 'id' | 'key' | 'schema'>,
): Promise<void> {
  const files = await readWorkspaceTables()
  const hash = hashOf(files)
  const { rows } = await client.query<{ hash: string | null; owner: string }>(
    'SELECT tables_hash AS hash, current_user AS owner FROM channelwright.workspace WHERE id = $1 FOR UPDATE',
    [workspace.id],
  )
  if (rows[0]?.hash === hash) return
  const engine = engineRoleOf(services.installation, workspace.key)
  const words: Record<string, string> = {
    schema: quoteName(workspace.schema),
    schema_text: quoteText(workspace.schema),
    engine: quoteName(engine),
    member: quoteName(memberRoleOf(services.installation, workspace.key)),
    owner: quoteName(rows[0]!.owner),
  }
  for (const { name, text } of files) {
    const sql = text.replace(/\{\{(\w+)\}\}/g, (whole, word: string) => {
      const value = words[word]
      if (value === undefined) throw new Error(`workspace-tables/${name} says ${whole}, which means nothing`)
      return value
    })
    await client.query(sql)
  }
  await closeTables(client, workspace.schema, engine, rows[0]!.owner)
  await client.query('UPDATE channelwright.workspace SET tables_hash = $2 WHERE id = $1', [
    workspace.id,
    hash,
  ])
}

/** Counts changes of what is done besides the files. */
const ruleVersion = 1

function hashOf(files: readonly { name: string; text: string }[]): string {
  return createHash('sha256')
    .update(JSON.stringify([ruleVersion, files]))
    .digest('hex')
}

/** Brings workspaces that an earlier version of the program made up to date; one query when there are none. */
export async function updateWorkspaceTables(
  services: Pick<Services, 'owner' | 'installation'>,
): Promise<void> {
  const { rows } = await services.owner.query<Pick<Workspace, 'id' | 'key' | 'schema'>>(
    `SELECT id, key, schema_name AS schema FROM channelwright.workspace
     WHERE tables_hash IS NOT NULL AND tables_hash <> $1`,
    [hashOf(await readWorkspaceTables())],
  )
  for (const workspace of rows)
    await inShortTransaction(services.owner, workspace.schema, async (client) => {
      await lockRoles(client)
      await applyWorkspaceTables(client, services, workspace)
      return []
    })
}

async function closeTables(client: PoolClient, schema: string, engine: string, owner: string): Promise<void> {
  const { rows } = await client.query<{ name: string; kind: string }>(
    `SELECT relname AS name, relkind AS kind FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relname LIKE 'cw\\_%' AND relkind IN ('r', 'p', 'v') ORDER BY 1`,
    [quoteName(schema)],
  )
  for (const { name, kind } of rows) {
    const table = quoteTable(schema, name)
    // History is written by its trigger alone.
    await client.query(
      `GRANT ${name === 'cw_history' || kind === 'v' ? 'SELECT' : 'ALL'} ON ${table} TO ${quoteName(engine)}`,
    )
    if (kind === 'v') continue
    await client.query(closeTableSql(schema, name, engine, owner))
  }
  await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${quoteName(schema)} TO ${quoteName(engine)}`)
}

/** Forces row-level security on a table and lets the owner and the engine see all of it. */
export function closeTableSql(schema: string, name: string, engine: string, owner: string): string {
  const table = quoteTable(schema, name)
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    `DROP POLICY IF EXISTS cw_owner ON ${table}`,
    `CREATE POLICY cw_owner ON ${table} TO ${quoteName(owner)} USING (true) WITH CHECK (true)`,
    `DROP POLICY IF EXISTS cw_engine ON ${table}`,
    `CREATE POLICY cw_engine ON ${table} TO ${quoteName(engine)} USING (true) WITH CHECK (true)`,
  ].join(';\n')
}
