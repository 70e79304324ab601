import { isJsonObject } from '@channelwright/runtime/json.ts'
import { createRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

export const createRecordEffect: ApplyEffect = async (unit, _run, payload) => {
  const values = isJsonObject(payload.values) ? payload.values : {}
  const written = await createRecord(unit, String(payload.object), values, { by: 'flow' })
  return { object: payload.object ?? null, id: written.id }
}
