import { carryOn } from '../carry-on.ts'
import { readyFlow, underRelease } from '../flow-data.ts'
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
    const other = await unit.asEngine(() => readRun(pinned, id, 'lock', 'engine'))
    if (other === undefined) continue
    const by = unit.actor.user
    const command = { type: 'terminate', by, reason: String(reason) } as const
    await carryOn(pinned, readyFlow(served, other.flow), other, command, {}, by)
    ended.push(id)
  }
  return { ended }
}
