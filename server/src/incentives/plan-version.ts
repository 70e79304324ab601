import { createHash } from 'node:crypto'
import { calledBy } from '@channelwright/runtime/definition/called-by.ts'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { planUnknown } from '@channelwright/runtime/errors/incentives.ts'
import type { Unit } from '../db/unit.ts'
import { readPhysicalNames } from '../publish/physical-names.ts'
import { quoteTable } from '../publish/quote.ts'
import { mapTables } from '../publish/table-map.ts'
import type { ServedRelease } from '../services.ts'

/** A wording of a plan: the release that brought it, and the plan as it stands there. */
export interface PlanVersion {
  readonly release: number
  readonly plan: PlanDefinition
  /** The release itself: tables, columns and types of that time. */
  readonly served: ServedRelease
}

/** The plan as it stands in the release in force. Throws PLAN_UNKNOWN. */
export function planOf(served: ServedRelease, key: string): PlanDefinition {
  const plan = served.release.plans.get(key)
  if (plan === undefined) throw new Refusal(planUnknown, { plan: key.slice(0, 60) })
  return plan
}

/**
 * All wordings of a plan under which money may have been posted, oldest first; the last is the one in force. A release
 * that leaves the plan's wording alone makes no new version, so that a changed form never splits a quarter. Notes the
 * wording in force when it is new. Runs as the engine, under the lock of the plan.
 */
export async function readPlanVersions(unit: Unit, key: string): Promise<readonly PlanVersion[]> {
  const { served, services } = unit
  const plan = planOf(served, key)
  const table = quoteTable(served.workspace.schema, 'cw_plan_version')
  const known = await unit.query<{ release: number; digest: string }>(
    `SELECT release, digest FROM ${table} WHERE plan = $1 ORDER BY release`,
    [key],
  )
  const digest = digestPlan(plan, served.release)
  const last = known.at(-1)
  const versions: PlanVersion[] = []
  for (const { release } of known.slice(0, last?.digest === digest ? -1 : undefined)) {
    const earlier = await services.releases.at(served.workspace.key, release)
    versions.push({ release, plan: planOf(earlier, key), served: await asTyped(unit, earlier) })
  }
  if (last?.digest === digest) return [...versions, { release: last.release, plan, served }]
  await unit.query(
    `INSERT INTO ${table} (plan, release, digest) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [key, served.number, digest],
  )
  return [...versions, { release: served.number, plan, served }]
}

/** The release over the columns of its own types: an earlier wording never sees what a later type made of a field. */
async function asTyped({ services }: Unit, served: ServedRelease): Promise<ServedRelease> {
  const kept = served.cache.get('incentives/as-typed') as ServedRelease | undefined
  if (kept) return kept
  const names = await readPhysicalNames(services.owner, served.workspace.id)
  const typed = { ...served, tables: mapTables(served.release, names, true), cache: new Map() }
  // A fixture knows its tables without the catalogue.
  const own = names.tables.length ? typed : served
  served.cache.set('incentives/as-typed', own)
  return own
}

/** Of all that decides money: named rules and calendars that the plan calls too. Titles and descriptions do not. */
function digestPlan(plan: PlanDefinition, release: Release): string {
  const { currency, effective, events, measures, window, gates, bands, cap, rounding } = plan
  const { rules, calendars } = calledBy({ events, measures, gates }, release)
  const calls = {
    ...(rules.length ? { rules: rules.map(withoutWords).sort(byKey) } : {}),
    ...(calendars.length ? { calendars: calendars.map(withoutWords).sort(byKey) } : {}),
  }
  const text = JSON.stringify(
    sortKeys({ currency, effective, events, measures, window, gates, bands, cap, rounding, ...calls }),
  )
  return createHash('sha256').update(text).digest('hex')
}

function withoutWords<T extends { readonly key: string; readonly title: unknown }>({
  title: _,
  ...rest
}: T & { readonly description?: unknown }) {
  const { description: __, ...plain } = rest
  return plain
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }) => (a.key < b.key ? -1 : 1)

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
