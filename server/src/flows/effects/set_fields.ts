import { isJsonObject } from '@channelwright/runtime/json.ts'
import { updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/** Writes fields of the flow's own record; the flow may make the moves that are its alone. */
export const setFieldsEffect: ApplyEffect = async (unit, run, payload, { activation }) => {
  const values = isJsonObject(payload.values) ? payload.values : {}
  const { rev, before } = await updateRecord(unit, run.object, run.record, values, { by: 'flow' })
  const step = run.activations.find(({ id }) => id === activation)
  // A step that may be taken back gives back what it found, which is not always what it saw when it asked.
  const found = Object.keys(values).map((field) => [field, before?.[field] ?? null])
  return { rev, ...(step?.state.before === undefined ? {} : { before: Object.fromEntries(found) }) }
}
