import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowButtonClosed } from '@channelwright/runtime/errors/flow-starts.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { lookingUp } from '../records/rules.ts'
import { carryOn } from './carry-on.ts'
import { flowData, readyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'

/**
 * A person starts a flow on a record that they may see. One that is under way already is answered with, so that a
 * double click starts nothing twice. Throws FLOW_BUTTON_CLOSED, RECORD_NOT_FOUND.
 */
export async function startByButton(unit: Unit, key: string, record: string): Promise<string> {
  const flow = unit.served.release.flows.get(key)
  const trigger = flow?.trigger
  if (flow === undefined || trigger?.type !== 'button') throw new Refusal(flowButtonClosed, { flow: key })
  const { roles, when } = trigger
  if (roles !== undefined && !roles.some((role) => unit.actor.roles.includes(role)))
    throw new Refusal(flowButtonClosed, { flow: key })
  // With the person's own rights: what they may not see does not exist for them.
  const whole = await loadWhole(unit, tableOf(unit.served, flow.object), record, 'actor')
  const ready = readyFlow(unit.served, key)
  const data = await flowData(unit, ready, whole, unit.actor.user)
  if (when !== undefined) {
    const outcome = await lookingUp(unit, data, (known) => ready.evaluate(when as Json, known))
    if (!outcome.ok || outcome.value !== true) throw new Refusal(flowButtonClosed, { flow: key })
  }
  return unit.asEngine(async () => {
    // Two clicks at once wait for each other here.
    await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${key}:${record}`])
    const [open] = await unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 AND flow = $2 AND parent_run IS NULL
         AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [record, key],
    )
    if (open !== undefined) return open.id
    const run = unit.services.ids.next()
    const { user } = unit.actor
    const { number: release } = unit.served
    await carryOn(
      unit,
      ready,
      null,
      { type: 'start', run, release, object: flow.object, record, applicant: user },
      data,
      user,
    )
    return run
  })
}
