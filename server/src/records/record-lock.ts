import type { Unit } from '../db/unit.ts'
import { flowsOver } from '../flows/flow-data.ts'
import { locksRecord } from '../flows/follow-records.ts'
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

/** Whether one of them, by the release it began on, keeps people from changing the record. */
export async function isLocked(unit: Unit, row: Readonly<Record<string, unknown>>): Promise<boolean> {
  for (const { flow, release } of (row.cw_open_cases ?? []) as { flow: string; release: number }[]) {
    const served = await unit.services.releases.at(unit.served.workspace.key, release)
    if (locksRecord(served.release.flows.get(flow))) return true
  }
  return false
}
