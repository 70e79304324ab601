import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowRuleFailed } from '@channelwright/runtime/errors/flows.ts'
import type { FlowPorts } from '@channelwright/runtime/flow/command.ts'
import { givenData } from '@channelwright/runtime/flow/given.ts'
import { isReckonedLate, planAnew, valuesMeant } from '@channelwright/runtime/flow/plan-anew.ts'
import type { Effect, FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { forgetRecord } from '../records/kept-records.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { contextOf, lookingUp } from '../records/rules.ts'
import { flowData, type ReadyFlow } from './flow-data.ts'

/** What `$` is when an effect is asked for: its job knows only in whose name it acts. Null where nothing reads it. */
export function effectContext(unit: Unit, effect: Effect): JsonObject | null {
  return isReckonedLate(effect) ? contextOf(unit) : null
}

/**
 * What an effect is handed, reckoned from the record behind the lock under which it is written: branches and cases
 * that add to one field wait for each other, and each adds to what the one before left. `unit` is under the release of
 * the run. `context`: `$` as it was when the step asked, where that was another transaction. The values that the step
 * saw stand where nothing of them hangs on the record. Refuses with FLOW_RULE_FAILED.
 */
export async function reckonEffect(
  unit: Unit,
  ready: ReadyFlow,
  run: FlowRun,
  effect: Effect,
  context: JsonObject | null,
): Promise<JsonObject> {
  if (!isReckonedLate(effect)) return effect.payload
  const own = { object: run.object, record: run.record }
  // What this transaction has read itself it writes by the number it read; what a job reads it locks first.
  if (context !== null) await lockRecord(unit, own.object, own.record)
  const payload = await planNow(unit, ready, run, effect, context)
  if (payload === null) return effect.payload
  const { object, record } = payload
  if (effect.type !== 'update_record' || typeof object !== 'string' || typeof record !== 'string')
    return payload
  await lockRecord(unit, object, record)
  const again = await planNow(unit, ready, run, effect, context)
  // Whom the rule leads to has changed meanwhile: the transaction begins anew.
  if (again?.record !== record)
    throw Object.assign(new Error('the record that is meant changed while it was being locked'), {
      code: '40001',
    })
  return again
}

async function planNow(
  unit: Unit,
  ready: ReadyFlow,
  run: FlowRun,
  effect: Effect,
  context: JsonObject | null,
): Promise<JsonObject | null> {
  const whole = await loadWhole(unit, tableOf(unit.served, run.object), run.record, 'flow')
  const meant = valuesMeant(ready.flow, run, effect)
  const read = await flowData(unit, ready, { ...whole, ...meant }, run.applicant)
  const data = { ...read, ...context, ...givenData(run.given) }
  const ports: Omit<FlowPorts, 'data'> = {
    now: unit.now,
    newId: () => unit.services.ids.next(),
    evaluate: ready.evaluate,
    people: () => [],
  }
  const planned = await lookingUp(unit, data, (known) =>
    planAnew(ready.flow, run, effect, { ...ports, data: known }),
  )
  if (!planned.ok) throw new Refusal(flowRuleFailed, { reason: planned.reason })
  return planned.payload
}

/** Nobody else writes the record until this transaction ends, and what was read of it before is read anew. */
export async function lockRecord(unit: Unit, object: string, id: string): Promise<void> {
  const table = tableOf(unit.served, object)
  await unit.asEngine(() =>
    unit.query(`SELECT 1 FROM ${table.from} t WHERE t.id = $1 FOR NO KEY UPDATE`, [id]),
  )
  forgetRecord(unit, table, id)
}
