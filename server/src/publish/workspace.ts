import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  workspaceExists,
  workspaceKeyInvalid,
  workspaceNotFound,
} from '@channelwright/runtime/errors/publishing.ts'
import { ensureBaseRoles, inRoleTransaction, lockRoles } from '../access/ensure-roles.ts'
import { engineRoleOf, memberRoleOf, shortHash } from '../access/pg-role.ts'
import { jobsSchema } from '../jobs/job.ts'
import type { Services, Workspace } from '../services.ts'
import { quoteName } from './quote.ts'
import { reservedKeys } from './reserved-keys.ts'
import { applyWorkspaceTables } from './workspace-tables.ts'

export interface NewWorkspace {
  readonly key: string
  readonly title: { readonly en: string; readonly zh: string }
  /** IANA name; days and deadlines are counted in it. */
  readonly timeZone: string
  readonly demo?: boolean
  /** For one run of pack cases. */
  readonly scratch?: boolean
}

export interface WorkspaceRow {
  id: string
  key: string
  title_en: string
  title_zh: string
  schema_name: string
  time_zone: string
  demo: boolean
  release: number | null
}

export const workspaceColumns = 'id, key, title_en, title_zh, schema_name, time_zone, demo, release'

export function workspaceFromRow(row: WorkspaceRow): Workspace {
  return {
    id: row.id,
    key: row.key,
    title: { en: row.title_en, zh: row.title_zh },
    schema: row.schema_name,
    timeZone: row.time_zone,
    demo: row.demo,
  }
}

/** Makes a workspace: its schema, the platform's tables in it, its roles. Throws WORKSPACE_EXISTS, _KEY_INVALID. */
export async function createWorkspace(
  services: Pick<Services, 'owner' | 'installation' | 'ids'>,
  wanted: NewWorkspace,
): Promise<Workspace> {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(wanted.key) || reservedKeys.has(wanted.key))
    throw new Refusal(workspaceKeyInvalid, { workspace: wanted.key })
  const workspace: Workspace = {
    id: services.ids.next(),
    key: wanted.key,
    title: { ...wanted.title },
    schema: `ws_${wanted.key}`,
    timeZone: wanted.timeZone,
    demo: wanted.demo ?? false,
  }
  await inRoleTransaction(services.owner, async (client) => {
    const { rowCount } = await client.query(
      `INSERT INTO channelwright.workspace (id, key, title_en, title_zh, schema_name, time_zone, demo, scratch)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO NOTHING`,
      [
        workspace.id,
        workspace.key,
        workspace.title.en,
        workspace.title.zh,
        workspace.schema,
        workspace.timeZone,
        workspace.demo,
        wanted.scratch ?? false,
      ],
    )
    if (!rowCount) throw new Refusal(workspaceExists, { workspace: wanted.key })
    await ensureBaseRoles(client, services.installation, workspace.key)
    const schema = quoteName(workspace.schema)
    const member = quoteName(memberRoleOf(services.installation, workspace.key))
    const engine = quoteName(engineRoleOf(services.installation, workspace.key))
    await client.query(`CREATE SCHEMA ${schema}; GRANT USAGE ON SCHEMA ${schema} TO ${member}, ${engine}`)
    await applyWorkspaceTables(client, services, workspace)
  })
  return workspace
}

/** The workspace of that key. Throws WORKSPACE_NOT_FOUND. */
export async function readWorkspace(services: Pick<Services, 'owner'>, key: string): Promise<Workspace> {
  const found = await findWorkspace(services, key)
  if (!found) throw new Refusal(workspaceNotFound, { workspace: key })
  return found
}

export async function findWorkspace(
  services: Pick<Services, 'owner'>,
  key: string,
): Promise<Workspace | undefined> {
  const { rows } = await services.owner.query<WorkspaceRow>(
    `SELECT ${workspaceColumns} FROM channelwright.workspace WHERE key = $1`,
    [key],
  )
  return rows[0] && workspaceFromRow(rows[0])
}

/** Takes a workspace away with everything in it: for scratch workspaces and tests. Cannot be undone. */
export async function dropWorkspace(
  services: Pick<Services, 'owner' | 'installation'>,
  workspace: Workspace,
): Promise<void> {
  await inRoleTransaction(services.owner, async (client) => {
    await lockRoles(client)
    await client.query(`DROP SCHEMA IF EXISTS ${quoteName(workspace.schema)} CASCADE`)
    await client.query('DELETE FROM channelwright.workspace WHERE id = $1', [workspace.id])
    await client.query(`DELETE FROM ${jobsSchema}._private_jobs WHERE payload->>'workspace' = $1`, [
      workspace.key,
    ])
    const { rows } = await client.query<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE $1`,
      [`${`cw_${services.installation}_${workspace.key}.`.replaceAll('_', '\\_')}%`],
    )
    // What files of workspace-tables/ granted outside the schema.
    const engine = quoteName(engineRoleOf(services.installation, workspace.key))
    await client.query(`REVOKE ALL ON ALL FUNCTIONS IN SCHEMA channelwright FROM ${engine};
      REVOKE ALL ON SCHEMA channelwright FROM ${engine}`)
    for (const { name } of rows) {
      // A clone of this database may have roles of the same names in use: they stay.
      await client.query('SAVEPOINT one_role')
      try {
        await client.query(`DROP ROLE ${quoteName(name)}`)
        await client.query('RELEASE SAVEPOINT one_role')
      } catch (error) {
        await client.query('ROLLBACK TO SAVEPOINT one_role')
        if (!isDependent(error)) throw error
      }
    }
  })
}

/** 2BP01: the role still owns rights somewhere. */
function isDependent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '2BP01'
}

/** A key for a scratch workspace that no other has. */
export function scratchKey(services: Pick<Services, 'ids'>): string {
  return `scratch_${shortHash(services.ids.next())}`
}
