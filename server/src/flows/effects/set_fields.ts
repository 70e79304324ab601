import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import { updateRecord } from '../../records/write-record.ts'
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
  const { rev, before, after } = await updateRecord(unit, run.object, run.record, values, { by: 'flow' })
  const step = run.activations.find(({ id }) => id === activation)
  // What the case writes as a whole tells which of its rules failed.
  if (unreckoned !== undefined) return { rev, unreckoned }
  if (step?.state.before === undefined) return { rev }
  // A step that may be taken back gives back what it found, which is not always what it saw when it asked.
  const written = (record: JsonObject | null) =>
    Object.fromEntries(Object.keys(values).map((field) => [field, record?.[field] ?? null]))
  return { rev, before: written(before), after: written(after) }
}
