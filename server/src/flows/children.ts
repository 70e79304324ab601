import { endTitle } from '@channelwright/runtime/flow/end-title.ts'
import { failedEffects, isStuck } from '@channelwright/runtime/flow/incident.ts'
import { type FlowRun, isClosed, isUndoKey } from '@channelwright/runtime/flow/run.ts'
import { asksBack } from '@channelwright/runtime/flow/undo.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { putOff } from '../jobs/put-off.ts'
import { tellMendedJob } from '../jobs/tell-mended.ts'
import { tellParentJob } from '../jobs/tell-parent.ts'
import type { Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import type { ReadyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'
import { tellRun } from './system-command.ts'

/** When a run that another started has come to its end, that one is told: a transaction of its own. */
export function queueChildEnd(unit: Unit, { flow }: ReadyFlow, run: FlowRun): void {
  if (run.parent === null || !isClosed(run)) return
  const { parent, status, outcome } = run
  const title = endTitle(flow, run)
  enqueueJob(
    unit,
    tellParentJob,
    {
      parent: parent.run,
      activation: parent.activation,
      run: run.id,
      status,
      outcome,
      item: parent.item,
      ...(title === null ? {} : { title }),
    },
    { key: run.id },
  )
}

export interface ChildEnd {
  readonly parent: string
  readonly activation: string
  readonly run: string
  readonly status: string
  readonly outcome: string | null
  readonly item: string | null
  /** What its end is called. */
  readonly title?: Text
}

/** How long after it is looked again whether a step still takes back what it began, in ms. */
const lookAgainAfter = 5_000

/**
 * A case that another one has begun stood still while it was taken back, and does so no longer: that one is told. The
 * step there stands still because of it.
 */
export function queueMended(unit: Unit, before: FlowRun | null, { id, parent, ...run }: FlowRun): void {
  if (parent === null || before === null || !isStuck(before) || isStuck(run) || !isClosed(run)) return
  enqueueJob(unit, tellMendedJob, { run: parent.run, activation: parent.activation }, { key: id })
}

/** One that has asked for what is taken back may be about to stand still for what has just been mended: it is looked at again. */
export async function tellMended(
  services: Services,
  workspace: string,
  address: { readonly run: string; readonly activation: string },
): Promise<void> {
  const { run, activation } = address
  let isUnderWay = false
  await tellRun(services, workspace, { run }, (found) => {
    const step = found.activations.find(({ id }) => id === activation)
    if (step === undefined) return null
    if (failedEffects(step).some(isUndoKey)) return { type: 'part_mended', activation }
    isUnderWay = asksBack(step)
    return null
  })
  if (isUnderWay)
    await putOff(services, workspace, tellMendedJob, address, {
      key: `again ${activation}`,
      by: lookAgainAfter,
    })
}

/** Delivered twice, told once: a step that has been told, or is left, hears nothing more. */
export async function tellParent(services: Services, workspace: string, end: ChildEnd): Promise<void> {
  const { parent, activation, run, status, outcome, item, title } = end
  const ended = { activation, run, status, outcome, item, ...(title === undefined ? {} : { title }) }
  await tellRun(
    services,
    workspace,
    { run: parent },
    (found) => {
      const step = found.activations.find((one) => one.id === activation)
      if (isClosed(found) || step?.status !== 'active') return null
      return { type: 'child_ended', ...ended }
    },
    { once: `child ${run} ${status}` },
  )
}

/**
 * Ends what steps had started that do not wait for it any more, each in a transaction of its own; those end what they
 * had started in the same way. `back`: what was done there is taken back as far as it can be. Delivered twice, what has
 * ended stays as it is.
 */
export async function endChildren(
  services: Services,
  workspace: string,
  left: { readonly run: string; readonly activations: readonly string[]; readonly back: boolean },
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  const open = await inUnit(services, served, engineActor(services, served, nobody), (unit) =>
    unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')}
       WHERE parent_run = $1 AND parent_activation = ANY ($2::uuid[])
         AND status IN ('running', 'returned', 'suspended', 'incident') ORDER BY id`,
      [left.run, left.activations],
    ),
  )
  for (const { id } of open)
    await tellRun(services, workspace, { run: id }, (found) =>
      isClosed(found) ? null : { type: 'parent_left', back: left.back },
    )
}
