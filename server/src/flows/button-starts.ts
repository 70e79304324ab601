import type { StartOffer } from '@channelwright/runtime/api/flows.ts'
import type { FlowDefinition, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Unit } from '../db/unit.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { lookingUp } from '../records/rules.ts'
import { flowData, flowsOver, type ReadyFlow } from './flow-data.ts'
import { pickOffers } from './picks.ts'
import { flowTable } from './run-store.ts'

/**
 * The flows that the person may start on a record by a button, each with why not now, where it can't be. Flows whose
 * roles they do not hold are not theirs to see. Throws RECORD_NOT_FOUND.
 */
export async function listStarts(unit: Unit, object: string, record: string): Promise<StartOffer[]> {
  const buttons = flowsOver(unit.served, object).filter(({ flow }) => mayPress(unit, flow))
  // With the person's own rights: what they may not see does not exist for them.
  const whole = await loadWhole(unit, tableOf(unit.served, object), record, 'actor')
  if (buttons.length === 0) return []
  const open = await unit.asEngine(() =>
    unit.query<{ id: string; flow: string }>(
      `SELECT id, flow FROM ${flowTable(unit, 'run')} WHERE record = $1 AND flow = ANY ($2) AND parent_run IS NULL
         AND status IN ('running', 'returned', 'suspended', 'incident')`,
      [record, buttons.map(({ flow }) => flow.key)],
    ),
  )
  const seen = new Set(
    (
      await unit.query<{ id: string }>(
        `SELECT id FROM ${flowTable(unit, 'run')} WHERE id = ANY ($1::uuid[])`,
        [open.map(({ id }) => id)],
      )
    ).map(({ id }) => id),
  )
  const offers: StartOffer[] = []
  for (const ready of buttons) {
    const { flow } = ready
    if (flow.trigger.type !== 'button') continue
    const running = open.find((one) => one.flow === flow.key)
    const isOpen = running !== undefined
    const fits = isOpen || (await fitsRecord(unit, ready, whole))
    offers.push({
      flow: flow.key,
      title: flow.title,
      label: flow.trigger.label,
      state: isOpen ? 'running' : fits ? 'ready' : 'closed',
      run: running !== undefined && seen.has(running.id) ? running.id : null,
      form: flow.trigger.form ?? null,
      picks:
        isOpen || !fits
          ? []
          : await pickOffers(unit, ready, startOf(flow), { record, applicant: unit.actor.user }),
    })
  }
  return offers
}

/** Whether the flow has a button and the person one of its roles. */
export function mayPress(unit: Unit, { trigger }: FlowDefinition): boolean {
  if (trigger.type !== 'button') return false
  return trigger.roles === undefined || trigger.roles.some((role) => unit.actor.roles.includes(role))
}

/** Whether the button's rule holds on the record. */
export async function fitsRecord(
  unit: Unit,
  ready: ReadyFlow,
  record: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { trigger } = ready.flow
  if (trigger.type !== 'button') return false
  if (trigger.when === undefined) return true
  const data = await flowData(unit, ready, record, unit.actor.user)
  const outcome = await lookingUp(unit, data, (known) => ready.evaluate(trigger.when as Json, known))
  return outcome.ok && outcome.value === true
}

export function startOf(flow: FlowDefinition): FlowNode {
  const first = flow.nodes.find((node) => findNodeType(node.type)?.place === 'start')
  if (first === undefined) throw new Error(`Flow ${flow.key} has no start`)
  return first as FlowNode
}
