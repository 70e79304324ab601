import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import { toldPaths } from '@channelwright/runtime/flow/tell-end.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import { carryOn } from '../carry-on.ts'
import { loadFlowData, type ReadyFlow, readyFlow, underRelease } from '../flow-data.ts'
import { flowTable, readRun } from '../run-store.ts'
import type { ApplyEffect } from './index.ts'

/** Ends what is open of another flow over a record; never the run that asks for it. */
export const endFlowEffect: ApplyEffect = async (unit, run, payload) => {
  const { flow, record, reason } = payload
  if (typeof flow !== 'string' || typeof record !== 'string') return { ended: [] }
  const open = await unit.asEngine(() =>
    unit.query<{ id: string; release: number }>(
      `SELECT id, release FROM ${flowTable(unit, 'run')}
       WHERE record = $1 AND flow = $2 AND id <> $3 AND status IN ('running', 'returned', 'suspended', 'incident')
       ORDER BY id`,
      [record, flow, run.id],
    ),
  )
  const ended: string[] = []
  for (const { id, release } of open) {
    const served = await unit.services.releases.at(unit.served.workspace.key, release)
    const pinned = underRelease(unit, served)
    const other = await unit.asEngine(() => readRun(pinned, id, 'lock'))
    if (other === undefined) continue
    const by = unit.actor.user
    const command = { type: 'terminate', by, reason: String(reason) } as const
    const ready = readyFlow(served, other.flow)
    await carryOn(pinned, ready, other, command, await dataToEnd(pinned, ready, other), by)
    ended.push(id)
  }
  return { ended }
}

/** What says who is told of the end. A record that is gone tells nothing, and its case ends all the same. */
async function dataToEnd(unit: Unit, ready: ReadyFlow, run: FlowRun): Promise<JsonObject> {
  if (toldPaths(ready.flow).length === 0) return {}
  try {
    return await loadFlowData(unit, ready, run.record, run.applicant)
  } catch (error) {
    if (error instanceof Refusal && error.definition === recordNotFound) return {}
    throw error
  }
}
