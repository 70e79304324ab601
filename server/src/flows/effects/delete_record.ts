import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import { deleteRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/** Takes back a record that a step created; one that is gone already stays gone. */
export const deleteRecordEffect: ApplyEffect = async (unit, _run, payload) => {
  if (typeof payload.object !== 'string' || typeof payload.id !== 'string') return { deleted: null }
  try {
    await deleteRecord(unit, payload.object, payload.id, { by: 'flow' })
  } catch (error) {
    if (!(error instanceof Refusal) || error.definition !== recordNotFound) throw error
    return { deleted: null }
  }
  return { deleted: payload.id }
}
