import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowButtonClosed } from '@channelwright/runtime/errors/flow-starts.ts'
import type { Picks } from '@channelwright/runtime/flow/picks.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { updateRecord } from '../records/write-record.ts'
import { fitsRecord, mayPress } from './button-starts.ts'
import { carryOn } from './carry-on.ts'
import { flowData, readyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'

export interface ButtonStart {
  readonly record: string
  /** What was filled in, where the button has a form. */
  readonly values?: JsonObject
  /** The revision of the record that the person saw. */
  readonly rev?: number
  readonly picks?: Picks
}

/**
 * A person starts a flow on a record that they may see. One that is under way already is answered with; that a start sent
 * again after its case has ended begins none is for the caller's `Idempotency-Key`. What the button's form asks for is
 * written first, with the person's own rights.
 * Throws FLOW_BUTTON_CLOSED, RECORD_NOT_FOUND, and what writing the record throws.
 */
export async function startByButton(
  unit: Unit,
  key: string,
  { record, values, rev, picks = {} }: ButtonStart,
): Promise<string> {
  const flow = unit.served.release.flows.get(key)
  if (flow === undefined || flow.trigger.type !== 'button' || !mayPress(unit, flow))
    throw new Refusal(flowButtonClosed, { flow: key })
  const { form } = flow.trigger
  // With the person's own rights: what they may not see does not exist for them.
  await loadWhole(unit, tableOf(unit.served, flow.object), record, 'actor')
  // Two clicks at once wait for each other here.
  await unit.asEngine(() =>
    unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${key}:${record}`]),
  )
  const open = await findOpen(unit, key, record)
  if (open !== null) return open
  const ready = readyFlow(unit.served, key)
  const before = await loadWhole(unit, tableOf(unit.served, flow.object), record, 'actor')
  if (!(await fitsRecord(unit, ready, before))) throw new Refusal(flowButtonClosed, { flow: key })
  if (form !== undefined)
    await updateRecord(unit, flow.object, record, values ?? {}, {
      form,
      ...(rev === undefined ? {} : { ifMatch: rev }),
    })
  else if (values !== undefined && Object.keys(values).length > 0)
    throw new Refusal(flowButtonClosed, { flow: key })
  const whole = await loadWhole(unit, tableOf(unit.served, flow.object), record, 'actor')
  const data = await flowData(unit, ready, whole, unit.actor.user)
  return unit.asEngine(async () => {
    const run = unit.services.ids.next()
    const { user } = unit.actor
    const { number: release } = unit.served
    const command = {
      type: 'start',
      run,
      release,
      object: flow.object,
      record,
      applicant: user,
      picks,
    } as const
    await carryOn(unit, ready, null, command, data, user)
    return run
  })
}

async function findOpen(unit: Unit, key: string, record: string): Promise<string | null> {
  const [open] = await unit.asEngine(() =>
    unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 AND flow = $2 AND parent_run IS NULL
         AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [record, key],
    ),
  )
  return open?.id ?? null
}
