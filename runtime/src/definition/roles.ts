import type { DefinitionSet } from './definition-set.ts'
import type { Role } from './release.ts'

/**
 * The roles that the grants make: each is the sum of all grants that name it. The grant whose key equals the role
 * gives its title and says whom it is for; without one the first grant by key stands in.
 */
export function buildRoles(set: DefinitionSet): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>()
  const grants = [...set.grants.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  for (const key of [...new Set(grants.map((grant) => grant.role))].sort()) {
    const own = grants.filter((grant) => grant.role === key)
    const head = own.find((grant) => grant.key === key) ?? own[0]!
    roles.set(key, { key, title: head.title, for: head.for ?? null, grants: own.map((grant) => grant.key) })
  }
  return roles
}
