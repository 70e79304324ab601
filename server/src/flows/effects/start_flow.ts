import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowNotStarted } from '@channelwright/runtime/errors/flow-starts.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import { carryOn } from '../carry-on.ts'
import { depthBelow, writeDepth } from '../depth.ts'
import { loadFlowData, readyFlow } from '../flow-data.ts'
import { flowTable } from '../run-store.ts'
import type { EffectOf } from './index.ts'

/** Starts another flow over a record, in the name of whoever applied. What starts it hears of its end if it `waits`. */
export async function startFlowEffect(
  unit: Unit,
  run: FlowRun,
  payload: JsonObject,
  { activation }: EffectOf,
): Promise<JsonObject> {
  const key = String(payload.flow)
  const { record, item, waits, line = null, input = null } = payload
  const flow = unit.served.release.flows.get(key)
  if (flow === undefined || typeof record !== 'string') throw new Refusal(flowNotStarted, { flow: key })
  const depth = await depthBelow(unit, run.id, key)
  if (waits !== true) {
    const open = await findOpen(unit, key, record)
    if (open !== undefined) return { run: open, already: true }
  }
  const ready = readyFlow(unit.served, key)
  const data = await loadFlowData(unit, ready, record, run.applicant)
  const child = unit.services.ids.next()
  await carryOn(
    unit,
    ready,
    null,
    {
      type: 'start',
      run: child,
      release: unit.served.number,
      object: flow.object,
      record,
      applicant: run.applicant,
      ...(line === null && input === null ? {} : { given: { item: line, input } }),
      ...(waits === true
        ? { parent: { run: run.id, activation, item: typeof item === 'string' ? item : null } }
        : {}),
    },
    data,
    run.applicant,
  )
  await writeDepth(unit, child, depth)
  return { run: child }
}

async function findOpen(unit: Unit, flow: string, record: string): Promise<string | undefined> {
  const rows = await unit.asEngine(() =>
    unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 AND flow = $2 AND parent_run IS NULL
         AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [record, flow],
    ),
  )
  return rows[0]?.id
}
