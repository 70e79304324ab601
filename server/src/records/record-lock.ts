import type { Unit } from '../db/unit.ts'
import { flowsOver } from '../flows/flow-data.ts'
import { heldFields } from '../flows/follow-records.ts'
import { quoteTable } from '../publish/quote.ts'
import type { ServedRelease } from '../services.ts'
import type { RecordTable } from './record-table.ts'

/** Whether cases may run over records of the object, one of which may keep people from changing its record. */
export function mayBeLocked(served: ServedRelease, object: string): boolean {
  return flowsOver(served, object).length > 0
}

/** The open cases of the record `t`, asked in the statement that reads it: a person need not see a case to be told. */
export function openCasesSql(unit: Pick<Unit, 'served'>, table: RecordTable): string[] {
  if (!mayBeLocked(unit.served, table.key)) return []
  return [`${quoteTable(unit.served.workspace.schema, 'cw_open_cases')}(t.id) AS cw_open_cases`]
}

/** What they, each by the release it began on, keep people from changing; null: nothing. */
export async function findHeld(
  unit: Unit,
  row: Readonly<Record<string, unknown>>,
): Promise<'all' | ReadonlySet<string> | null> {
  const fields = new Set<string>()
  for (const { flow, release } of (row.cw_open_cases ?? []) as { flow: string; release: number }[]) {
    const held = heldFields(await unit.services.releases.at(unit.served.workspace.key, release), flow)
    if (held === 'all') return held
    for (const key of held ?? []) fields.add(key)
  }
  return fields.size > 0 ? fields : null
}
