import type { platformRights } from '@channelwright/runtime/definition/grant.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'

export type PlatformRight = (typeof platformRights)[number]

/** What the roles' grants allow beyond records: to design, publish, manage members, run plans, administer flows. */
export function platformRightsOf(release: Release, roles: readonly string[]): ReadonlySet<PlatformRight> {
  const rights = new Set<PlatformRight>()
  for (const role of roles)
    for (const grant of release.roles.get(role)?.grants ?? [])
      for (const right of release.grants.get(grant)?.platform ?? []) rights.add(right)
  return rights
}

export function mayDo(release: Release, roles: readonly string[], right: PlatformRight): boolean {
  return platformRightsOf(release, roles).has(right)
}
