import { planPuttingBack, sumsOf } from '@channelwright/runtime/flow/put-back.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { tableOf } from '../../records/record-table.ts'
import { updateRecord } from '../../records/write-record.ts'
import { readyFlow } from '../flow-data.ts'
import { lockRecord } from '../reckon-effect.ts'
import type { ApplyEffect } from './index.ts'

/**
 * Takes back what a step wrote into fields of a record, as far as nobody wrote them since: reckoned behind the lock under
 * which it is written. Fields that stay are told as `kept`.
 */
export const putBackEffect: ApplyEffect = async (unit, run, payload, { activation }): Promise<JsonObject> => {
  const own = typeof payload.object !== 'string'
  const object = own ? run.object : String(payload.object)
  const record = own ? run.record : payload.record
  // An empty reference led to no record.
  if (typeof record !== 'string') return { id: null }
  await lockRecord(unit, object, record)
  const now = await loadWhole(unit, tableOf(unit.served, object), record, 'flow')
  // The case may have been moved to another release since the effect was asked for.
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const node = run.activations.find(({ id }) => id === activation)?.node ?? ''
  const sums = sumsOf(readyFlow(served, run.flow).flow, served.release, node)
  const { values, kept } = planPuttingBack(payload, now, sums)
  if (Object.keys(values).length > 0) await updateRecord(unit, object, record, values, { by: 'flow' })
  if (kept.length === 0) return { id: record }
  return { id: record, object, record, kept: kept.map((one) => ({ ...one })) }
}
