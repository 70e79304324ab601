import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { tableOf } from '../../records/record-table.ts'
import { deleteRecord, updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/** Takes back a record that a step created; one that is gone already stays gone. */
export const deleteRecordEffect: ApplyEffect = async (unit, run, payload) => {
  if (typeof payload.object !== 'string' || typeof payload.id !== 'string') return { deleted: null }
  const { into } = payload
  if (typeof into === 'string') {
    const own = await loadWhole(unit, tableOf(unit.served, run.object), run.record, 'flow')
    // Somebody may have put another one there meanwhile.
    if (own[into] === payload.id)
      await updateRecord(unit, run.object, run.record, { [into]: null }, { by: 'flow' })
  }
  try {
    await deleteRecord(unit, payload.object, payload.id, { by: 'flow' })
  } catch (error) {
    if (!(error instanceof Refusal) || error.definition !== recordNotFound) throw error
    return { deleted: null }
  }
  return { deleted: payload.id }
}
