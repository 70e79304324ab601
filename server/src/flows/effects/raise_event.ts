import { isJsonObject } from '@channelwright/runtime/json.ts'
import { raiseEvent, usualKeep } from '../events.ts'
import type { ApplyEffect } from './index.ts'

/** Raised in the transaction that marks it done; an empty reference is nobody's event and is not raised. */
export const raiseEventEffect: ApplyEffect = async (unit, _run, payload, { key }) => {
  const { event, record, everywhere } = payload
  if (everywhere !== true && typeof record !== 'string') return { raised: false }
  const data = isJsonObject(payload.data) ? payload.data : {}
  const records = everywhere === true ? null : [String(record)]
  await raiseEvent(unit, {
    id: key,
    event: String(event),
    records,
    data,
    about: records,
    keep: records ? usualKeep : 0,
  })
  return { raised: true }
}
