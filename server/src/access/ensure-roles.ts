import type { Pool, PoolClient } from 'pg'
import { quoteName } from '../publish/quote.ts'
import type { Services } from '../services.ts'
import { engineRoleOf, loginRoleOf, memberRoleOf, roleNameOf, roleSetNameOf, trashRoleOf } from './pg-role.ts'

/** Held while roles of this database server are changed: concurrent grants of one role fail otherwise. */
const roleLock = 0x6377_0002

type RoleServices = Pick<Services, 'owner' | 'installation'>

/** Sets that this process has made or found; a set, once made, stays as it is. */
const knownSets = new WeakMap<Pool, Set<string>>()

/**
 * The Postgres role of a person who holds these workspace roles, made when it is missing, together with its twin for
 * the bin. Nobody's roles: the member role alone, which reads no record. Roles that the release no longer names stay
 * harmless: their rights went with the publish that dropped them.
 */
export async function ensureRoleSet(
  services: RoleServices,
  workspace: string,
  roles: readonly string[],
): Promise<string> {
  const distinct = [...new Set(roles)].sort()
  const name =
    distinct.length === 0
      ? memberRoleOf(services.installation, workspace)
      : distinct.length === 1
        ? roleNameOf(services.installation, workspace, distinct[0]!)
        : roleSetNameOf(services.installation, workspace, distinct)
  const known = knownSets.get(services.owner) ?? new Set<string>()
  knownSets.set(services.owner, known)
  if (known.has(name)) return name
  await inRoleTransaction(services.owner, async (client) => {
    await ensureBaseRoles(client, services.installation, workspace)
    for (const role of distinct) await ensureWorkspaceRole(client, services.installation, workspace, role)
    if (distinct.length > 1)
      for (const twin of [(role: string) => role, trashRoleOf]) {
        await ensureRole(client, twin(name))
        for (const role of distinct)
          await ensureMembership(client, twin(roleNameOf(services.installation, workspace, role)), twin(name))
        await ensureMembership(client, twin(name), loginRoleOf(services.installation))
      }
  })
  known.add(name)
  return name
}

/** Role changes in a transaction of their own, one at a time on this database. */
export async function inRoleTransaction(
  owner: Pool,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await owner.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    await lockRoles(client)
    await work(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => {
      broken = lost
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** Waits for its turn to change roles; let go at the end of the transaction. */
export async function lockRoles(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [roleLock])
}

/** The workspace's member and engine roles. */
export async function ensureBaseRoles(
  client: PoolClient,
  installation: string,
  workspace: string,
): Promise<void> {
  const member = memberRoleOf(installation, workspace)
  for (const role of [member, trashRoleOf(member), engineRoleOf(installation, workspace)]) {
    await ensureRole(client, role)
    await ensureMembership(client, role, loginRoleOf(installation))
  }
  await ensureMembership(client, member, trashRoleOf(member))
}

/** The role of one role of the grants, and its twin for the bin. */
export async function ensureWorkspaceRole(
  client: PoolClient,
  installation: string,
  workspace: string,
  role: string,
): Promise<void> {
  const name = roleNameOf(installation, workspace, role)
  for (const twin of [name, trashRoleOf(name)]) {
    await ensureRole(client, twin)
    await ensureMembership(client, memberRoleOf(installation, workspace), twin)
    await ensureMembership(client, twin, loginRoleOf(installation))
  }
}

async function ensureRole(client: PoolClient, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name])
  if (!rowCount) await client.query(`CREATE ROLE ${quoteName(name)} NOLOGIN INHERIT`)
}

/** No options: whether rights are inherited follows from the member (the login role is NOINHERIT), on 15 as on 18. */
async function ensureMembership(client: PoolClient, group: string, member: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
     WHERE g.rolname = $1 AND p.rolname = $2`,
    [group, member],
  )
  if (!rowCount) await client.query(`GRANT ${quoteName(group)} TO ${quoteName(member)}`)
}
