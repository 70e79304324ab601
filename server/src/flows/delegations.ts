import type { DelegationWindow } from '@channelwright/runtime/flow/people.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { compareDecimals, parseDecimal } from '@channelwright/runtime/logic/decimal.ts'
import type { Unit } from '../db/unit.ts'
import { flowTable } from './run-store.ts'

export interface WindowRow {
  readonly id: string
  readonly from_user: string
  readonly to_user: string
  readonly mode: 'replace' | 'also'
  readonly ends_at: string
  readonly flows: readonly string[] | null
  readonly max_amount: string | null
  readonly amount_field: string | null
}

/** The windows of these people that are open now and take in a case of the flow over such a record. */
export async function openWindows(
  unit: Unit,
  users: readonly string[],
  flow: string,
  data: JsonObject,
): Promise<readonly DelegationWindow[]> {
  if (users.length === 0) return []
  const rows = await unit.asEngine(() =>
    unit.query<WindowRow>(
      `SELECT id, from_user, to_user, mode, ends_at, flows, max_amount, amount_field
       FROM ${flowTable(unit, 'delegation')}
       WHERE from_user = ANY ($1::uuid[]) AND starts_at <= $2 AND ends_at > $2 AND ended_at IS NULL
         AND (flows IS NULL OR $3 = ANY (flows))
       ORDER BY starts_at, id`,
      [[...new Set(users)], unit.now, flow],
    ),
  )
  return rows
    .filter((row) => isWithin(row, data, unit.served.release.flows.get(flow)?.settings?.amount))
    .map((row) => ({
      id: row.id,
      from: row.from_user,
      to: row.to_user,
      mode: row.mode,
      until: row.ends_at,
    }))
}

/**
 * Whether a record is no larger than the window allows, by the field that the window names, else by the flow's `amount`.
 * A record without an amount is not known to be small enough.
 */
export function isWithin(
  { max_amount: most, amount_field: named }: WindowRow,
  data: JsonObject,
  ofFlow?: string,
): boolean {
  if (most === null) return true
  const amount = parseDecimal(String(data[named ?? ofFlow ?? ''] ?? ''))
  return amount !== null && compareDecimals(amount, most) <= 0
}
