import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { tableOf } from '../../records/record-table.ts'
import { updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/** Writes fields of another record; an empty reference leads to none. */
export const updateRecordEffect: ApplyEffect = async (unit, _run, payload): Promise<JsonObject> => {
  const { object, record } = payload
  if (typeof object !== 'string' || typeof record !== 'string') return { id: null, rev: null, before: null }
  const values = isJsonObject(payload.values) ? payload.values : {}
  const whole = await loadWhole(unit, tableOf(unit.served, object), record, 'flow')
  const written = await updateRecord(unit, object, record, values, { by: 'flow' })
  const said = (of: JsonObject | null) =>
    Object.fromEntries(Object.keys(values).map((field) => [field, of?.[field] ?? null]))
  return { id: record, rev: written.rev, before: said(whole), after: said(written.after) }
}
