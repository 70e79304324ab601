import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { carryOn } from './carry-on.ts'
import { nobody } from './engine-actor.ts'
import { findPeople, keepActive } from './find-people.ts'
import { flowData, type ReadyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'

export type Applicant = { readonly field: string } | { readonly role: string } | undefined

/** For whom a case is that no person begins, as its trigger says; nobody in particular where nobody is found. */
export async function findApplicant(
  unit: Unit,
  object: string,
  record: JsonObject,
  applicant: Applicant,
): Promise<string> {
  if (applicant === undefined) return nobody
  if ('role' in applicant) {
    const subject = { object, applicant: nobody, data: record }
    return (await findPeople(unit, { ask: 'role', role: applicant.role }, subject))[0] ?? nobody
  }
  const named = record[applicant.field]
  return typeof named === 'string' ? ((await keepActive(unit, [named]))[0] ?? nobody) : nobody
}

/**
 * Starts a flow on a record, or answers with the case of it that is under way already. The unit is under the release in
 * force.
 */
export async function startOnce(
  unit: Unit,
  ready: ReadyFlow,
  record: JsonObject & { readonly id: string },
  applicant: string,
  given: JsonObject | null,
): Promise<{ readonly run: string; readonly already: boolean }> {
  const { key, object } = ready.flow
  return unit.asEngine(async () => {
    // Two that begin it at once wait for each other here.
    await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${key}:${record.id}`])
    const [open] = await unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 AND flow = $2 AND parent_run IS NULL
         AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [record.id, key],
    )
    if (open !== undefined) return { run: open.id, already: true }
    const run = unit.services.ids.next()
    const release = unit.served.number
    const data = await flowData(unit, ready, record, applicant)
    await carryOn(
      unit,
      ready,
      null,
      { type: 'start', run, release, object, record: record.id, applicant, given },
      data,
      applicant,
    )
    return { run, already: false }
  })
}
