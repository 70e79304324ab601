import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishBusy } from '@channelwright/runtime/errors/publishing.ts'
import type { PoolClient } from 'pg'
import { applyRights, policyStatements } from '../access/apply-grants.ts'
import { compileGrants } from '../access/compile-grants.ts'
import { ensureBaseRoles, ensureWorkspaceRole, inRoleTransaction } from '../access/ensure-roles.ts'
import type { Services, Workspace } from '../services.ts'
import { accessVersion } from './access-version.ts'
import { constraintCompiler } from './compile-condition.ts'
import { isDefinitionPath, readCurrentSources } from './definition-store.ts'
import { columnOf, readPhysicalNames, tableOf } from './physical-names.ts'
import { inPublishTurn, platformPolicies } from './publish-sources.ts'
import { shapeTables, type TableShape } from './shape-tables.ts'
import { inShortTransaction } from './with-lock.ts'

type StartServices = Pick<Services, 'owner' | 'installation' | 'log'>
type Target = Pick<Workspace, 'id' | 'key' | 'schema'>

/**
 * Brings rights and policies of workspaces to what this version of the program makes of their releases in force: those
 * that an earlier version made stay until somebody publishes otherwise. At every start, one query where there is nothing
 * to do. A workspace for which it can't be done keeps what it has, is named in the log as an error, and is tried again at
 * the next start: it keeps no other from being served.
 */
export async function updateAccess(services: StartServices): Promise<void> {
  const { owner, log } = services
  const { rows } = await owner.query<{ workspaces: number }>(
    'SELECT count(*)::integer AS workspaces FROM channelwright.workspace WHERE release IS NOT NULL AND NOT scratch',
  )
  if (rows[0]?.workspaces === 0) return
  const version = await accessVersion()
  const { rows: behind } = await owner.query<Target>(
    `SELECT id, key, schema_name AS schema FROM channelwright.workspace
     WHERE release IS NOT NULL AND NOT scratch AND access_made_by IS DISTINCT FROM $1 ORDER BY key`,
    [version],
  )
  for (const workspace of behind)
    try {
      await inPublishTurn(services, workspace, () => updateOne(services, workspace, version))
    } catch (error) {
      // Somebody publishes, or another server that starts is at it.
      if (error instanceof Refusal && error.definition === publishBusy) continue
      log.error(
        { err: error, workspace: workspace.key },
        'Row policies of this workspace stay as an earlier version of the program made them: publish it once, or mend what is named here and start again',
      )
    }
}

async function updateOne(services: StartServices, workspace: Target, version: string): Promise<void> {
  const { owner, installation, log } = services
  const { sources } = await readCurrentSources(owner, workspace.id)
  const { release, diagnostics } = buildRelease(sources.filter(({ path }) => isDefinitionPath(path)))
  if (release === null) {
    const [first] = diagnostics.filter(({ severity }) => severity === 'error')
    throw new Error(`the release in force is refused: ${first?.code} ${first?.file}#${first?.path}`)
  }
  const names = await readPhysicalNames(owner, workspace.id)
  const shapes = shapeTables(release, names, constraintCompiler(release))
  const missing = shapes.filter((shape) => !isThere(shape, names))
  if (missing.length > 0)
    throw new Error(`tables are to be changed first: ${missing.map(({ table }) => table).join(', ')}`)
  const at = { installation, workspace: workspace.key, schema: workspace.schema }
  const access = compileGrants(at, release, shapes)
  await inRoleTransaction(owner, async (client) => {
    await ensureBaseRoles(client, installation, workspace.key)
    for (const role of release.roles.keys())
      await ensureWorkspaceRole(client, installation, workspace.key, role)
  })
  const before = await standing(services, workspace)
  await inShortTransaction(owner, workspace.schema, async (client) => {
    await applyRights(client, at, access.rights, [])
    await mark(client, workspace, version)
    return [
      ...(await policyStatements(client, workspace.schema, access.policies)),
      ...platformPolicies(services, { workspace, release, shapes }),
    ]
  })
  const after = await standing(services, workspace)
  const changed = [...new Set([...before, ...after])].filter((one) => before.has(one) !== after.has(one))
  if (changed.length > 0)
    log.warn(
      { workspace: workspace.key, policies: changed.sort() },
      'Row policies of an earlier version of the program were replaced',
    )
}

/** A publish by this version would make no table or column first. */
function isThere(shape: TableShape, names: Parameters<typeof columnOf>[0]): boolean {
  const known = tableOf(names, shape.object, shape.lines)
  return (
    known?.table === shape.table &&
    shape.columns.every((column) => columnOf(names, shape.table, column.field)?.column === column.column)
  )
}

/** `table: policy` of all policies of the workspace; their names say what they say. */
async function standing({ owner }: StartServices, { schema }: Target): Promise<ReadonlySet<string>> {
  const { rows } = await owner.query<{ address: string }>(
    `SELECT tablename || ': ' || policyname AS address FROM pg_policies WHERE schemaname = $1`,
    [schema],
  )
  return new Set(rows.map(({ address }) => address))
}

async function mark(client: PoolClient, { id }: Target, version: string): Promise<void> {
  await client.query('UPDATE channelwright.workspace SET access_made_by = $2 WHERE id = $1', [id, version])
}
