import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import { uuidOf } from '../ports/ids.ts'
import type { Services } from '../services.ts'
import { carryOn } from './carry-on.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { loadFlowData, readyFlow, underRelease } from './flow-data.ts'
import { flowTable, type RunAddress, readRun } from './run-store.ts'

/**
 * Tells a run something that no person says: a timer, a signal, the end of a child. One transaction in which the run is
 * locked; `choose` sees it as it is then and answers what to tell it, or null when there is nothing (any more). A run
 * or a workspace that is gone is no fault. `once`: what carries the same words is told once, however often delivered.
 */
export async function tellRun(
  services: Services,
  workspace: string,
  address: RunAddress,
  choose: (run: FlowRun, unit: Unit) => FlowCommand | null | Promise<FlowCommand | null>,
  { by = nobody, once }: { readonly by?: string; readonly once?: string } = {},
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  await inUnit(services, served, engineActor(services, served, by), async (unit) => {
    const run = await readRun(unit, address, 'lock')
    if (run === undefined) return
    const id = once === undefined ? null : uuidOf(`${run.id} ${once}`)
    if (id !== null && (await wasTold(unit, id))) return
    const command = await choose(run, unit)
    if (command === null) return
    await carryOnFrom(unit, run, command, by)
    if (id !== null) await writeTold(unit, id, run.id)
    reachFailpoint('news.before-commit')
  })
  reachFailpoint('news.after-commit')
}

/** A command on a run that this transaction has locked, under the release on which the run began. */
export async function carryOnFrom(
  unit: Unit,
  run: FlowRun,
  command: FlowCommand,
  by: string,
): Promise<FlowRun> {
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const pinned = underRelease(unit, served)
  const ready = readyFlow(served, run.flow)
  // A closed run has no use for its record, which may be gone.
  const data = isClosed(run) ? {} : await loadFlowData(pinned, ready, run.record, run.applicant)
  return carryOn(pinned, ready, run, command, data, by)
}

/** Whether words that carry this id were told before. */
export async function wasTold(unit: Unit, id: string): Promise<boolean> {
  const known = await unit.query(`SELECT 1 FROM ${flowTable(unit, 'command')} WHERE id = $1`, [id])
  return known.length > 0
}

export async function writeTold(unit: Unit, id: string, run: string): Promise<void> {
  await unit.query(
    `INSERT INTO ${flowTable(unit, 'command')} (id, run, actor, digest, reply, at) VALUES ($1, $2, $3, '', 'null', $4)`,
    [id, run, unit.actor.user, unit.now],
  )
}
