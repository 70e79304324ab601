import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Services, Workspace } from '../services.ts'
import { quoteTable } from './quote.ts'
import { readReleaseAt } from './read-release.ts'

/** A wording of a plan under which money was posted, and the fields of its events that it reads, by x-id. */
export interface PlanReader {
  readonly plan: string
  readonly release: number
  /** x-id of the object of its events. */
  readonly object: string
  readonly fields: ReadonlySet<string>
}

/** All wordings of plans that have ever posted in a workspace. */
export async function readPlanReaders(
  { owner }: Pick<Services, 'owner'>,
  workspace: Workspace,
): Promise<PlanReader[]> {
  const ledger = quoteTable(workspace.schema, 'cw_ledger_entry')
  const { rows } = await owner.query<{ plan: string; release: number }>(
    `SELECT plan, release FROM ${quoteTable(workspace.schema, 'cw_plan_version')} v
     WHERE EXISTS (SELECT FROM ${ledger} l WHERE l.plan = v.plan AND l.release = v.release) ORDER BY plan, release`,
  )
  const releases = new Map<number, Release | null>()
  const readers: PlanReader[] = []
  for (const { plan, release: number } of rows) {
    if (!releases.has(number)) releases.set(number, await readReleaseAt({ owner }, workspace, number))
    const release = releases.get(number)
    const definition = release?.plans.get(plan)
    const object = definition && release?.objects.get(definition.events.object)
    if (!definition || !object) continue
    const keys = readsOf(definition)
    const fields = Object.entries(object.schema.properties).flatMap(([key, field]) =>
      keys.has(key) ? [field['x-id']] : [],
    )
    readers.push({ plan, release: number, object: object['x-id'], fields: new Set(fields) })
  }
  return readers
}

/** Keys of the event's own fields in the day, the earner, the condition and the measures. */
function readsOf({ events, measures }: PlanDefinition): ReadonlySet<string> {
  const keys = new Set([events.date, events.earner])
  const collect = (rule: Json): void => {
    if (Array.isArray(rule)) for (const one of rule) collect(one)
    else if (typeof rule === 'object' && rule !== null)
      for (const [operator, operand] of Object.entries(rule)) {
        const path = Array.isArray(operand) ? operand[0] : operand
        if (operator === 'var' && typeof path === 'string') keys.add(path.split('.')[0]!)
        else collect(operand)
      }
  }
  collect(events.when as Json)
  for (const measure of Object.values(measures)) if (measure.of !== undefined) collect(measure.of as Json)
  return keys
}
