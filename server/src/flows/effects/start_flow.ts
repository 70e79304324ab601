import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowNestedTooDeep, flowNotStarted } from '@channelwright/runtime/errors/flow-starts.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import { carryOn } from '../carry-on.ts'
import { loadFlowData, readyFlow } from '../flow-data.ts'
import { flowTable } from '../run-store.ts'
import type { EffectOf } from './index.ts'

/**
 * Flows that start flows, whether they wait for them or not; the check refuses circles, and this one that a change of
 * release has closed.
 */
const deepest = 20

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
  const depth = (await depthOf(unit, run.id)) + 1
  if (depth > deepest) throw new Refusal(flowNestedTooDeep, { flow: key })
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
  await unit.asEngine(() =>
    unit.query(`UPDATE ${flowTable(unit, 'run')} SET depth = $2 WHERE id = $1`, [child, depth]),
  )
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

async function depthOf(unit: Unit, run: string): Promise<number> {
  const [row] = await unit.asEngine(() =>
    unit.query<{ depth: number }>(`SELECT depth FROM ${flowTable(unit, 'run')} WHERE id = $1`, [run]),
  )
  return row?.depth ?? 0
}
