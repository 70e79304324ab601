import { grantsOf } from '../records/object-rights.ts'
import type { Actor, ServedRelease } from '../services.ts'

export type PlanLevel = 'own' | 'all'

/** Plan → whose amounts these roles are shown. The same grants make the policies that Postgres enforces. */
export function planLevels(
  served: ServedRelease,
  actor: Pick<Actor, 'roles'>,
): ReadonlyMap<string, PlanLevel> {
  const levels = new Map<string, PlanLevel>()
  for (const grant of grantsOf(served, actor.roles)) {
    for (const [plan, level] of Object.entries(grant.plans ?? {})) {
      if (level === 'all' || !levels.has(plan)) levels.set(plan, level)
    }
  }
  return levels
}
