import { createHash } from 'node:crypto'

/** What Postgres keeps of a name; longer ones it cuts silently, so we shorten them ourselves. */
const maxNameBytes = 63

/** The name, or, when Postgres would cut it, its beginning and a hash of all of it. */
export function fitName(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  return `${name.slice(0, maxNameBytes - 17)}_${shortHash(name)}`
}

/** 16 hexadecimal digits that stand for a longer text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Keys have underscores but no dots: no role of one workspace can be spelled like a role of another. */
function roleIn(installation: string, workspace: string, ...parts: readonly string[]): string {
  return fitName([`cw_${installation}_${workspace}`, ...parts].join('.'))
}

/** The role that requests connect as: NOINHERIT, owner of nothing. */
export function loginRoleOf(installation: string): string {
  return `cw_${installation}_login`
}

/** The Postgres role of one role of a workspace's grants. */
export function roleNameOf(installation: string, workspace: string, role: string): string {
  return roleIn(installation, workspace, 'r', role)
}

/** The role every person of the workspace is a member of: may enter the schema and use the platform's tables. */
export function memberRoleOf(installation: string, workspace: string): string {
  return roleIn(installation, workspace, 'member')
}

/** The role of flows, plans and jobs: every row and column of the schema, no ownership. */
export function engineRoleOf(installation: string, workspace: string): string {
  return roleIn(installation, workspace, 'engine')
}

/** The role of a set of workspace roles that one person holds. Order and repetition do not matter. */
export function roleSetNameOf(installation: string, workspace: string, roles: readonly string[]): string {
  return roleIn(installation, workspace, 's', shortHash([...new Set(roles)].sort().join(',')))
}

/**
 * The twin of a role that sees deleted records and may delete and restore those its grants allow. It is apart
 * because a policy that hides deleted rows would refuse the very update that deletes one, and because no other
 * policy has to ask whether the bin is meant.
 */
export function trashRoleOf(pgRole: string): string {
  return fitName(`${pgRole}.trash`)
}
