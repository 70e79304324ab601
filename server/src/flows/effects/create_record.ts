import { isJsonObject } from '@channelwright/runtime/json.ts'
import { createRecord, updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

export const createRecordEffect: ApplyEffect = async (unit, run, payload) => {
  const values = isJsonObject(payload.values) ? payload.values : {}
  const written = await createRecord(unit, String(payload.object), values, { by: 'flow' })
  if (typeof payload.into === 'string')
    await updateRecord(unit, run.object, run.record, { [payload.into]: written.id }, { by: 'flow' })
  return { object: payload.object ?? null, id: written.id }
}
