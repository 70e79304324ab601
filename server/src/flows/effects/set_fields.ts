import { isJsonObject } from '@channelwright/runtime/json.ts'
import { updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/** Writes fields of the flow's own record; the flow may make the moves that are its alone. */
export const setFieldsEffect: ApplyEffect = async (unit, run, payload) => {
  const values = isJsonObject(payload.values) ? payload.values : {}
  const written = await updateRecord(unit, run.object, run.record, values, { by: 'flow' })
  return { rev: written.rev }
}
