import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import { updateRecord } from '../../records/write-record.ts'
import { foundAndLeft } from './found-and-left.ts'
import type { ApplyEffect } from './index.ts'

/** Writes fields of the flow's own record; the flow may make the moves that are its alone. */
export const setFieldsEffect: ApplyEffect = async (
  unit,
  run,
  payload,
  { activation },
): Promise<JsonObject> => {
  const { unreckoned } = payload
  const values = isJsonObject(payload.values) ? payload.values : {}
  const written = await updateRecord(unit, run.object, run.record, values, { by: 'flow' })
  // What the case writes as a whole tells which of its rules failed.
  if (unreckoned !== undefined) return { rev: written.rev, unreckoned }
  return foundAndLeft(run, activation, Object.keys(values), written)
}
