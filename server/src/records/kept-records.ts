import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import type { RecordTable } from './record-table.ts'

// A command of a flow looks at the record of its case again and again: before it, for its effects, behind them. Within
// one transaction it is read once. Somebody else may write it meanwhile; whoever writes then finds another number in
// `rev` and begins anew.

/** `what`: the whole record with its lines, or the row alone, for what is read through a reference. */
function addressOf(unit: Unit, table: RecordTable, id: string, what: 'whole' | 'row'): string {
  return `${unit.served.number} ${table.from} ${id} ${what}`
}

export function findKept(
  unit: Unit,
  table: RecordTable,
  id: string,
  what: 'whole' | 'row',
): JsonObject | undefined {
  const kept = unit.records.get(addressOf(unit, table, id, what))
  return kept && { ...kept }
}

export function keepRecord(
  unit: Unit,
  table: RecordTable,
  id: string,
  what: 'whole' | 'row',
  record: JsonObject,
): void {
  unit.records.set(addressOf(unit, table, id, what), { ...record })
}

/** Something of the record was written: what was read is no longer so, under whichever release. */
export function forgetRecord(unit: Unit, table: RecordTable, id: string): void {
  for (const address of [...unit.records.keys()])
    if (address.includes(` ${table.from} ${id} `)) unit.records.delete(address)
}
