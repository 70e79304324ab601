import { dueAfter } from '@channelwright/runtime/flow/due-time.ts'
import { type FlowRun, isClosed } from '@channelwright/runtime/flow/run.ts'
import { workCalendar } from '@channelwright/runtime/logic/calendars/work-calendar.ts'
import { inUnit } from '../db/unit.ts'
import type { ServedRelease, Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { flowTable } from './run-store.ts'
import { tellRun } from './system-command.ts'

const pageSize = 200

/**
 * Reckons the due times of what is open anew, by the calendars in force; one transaction for each case that is touched.
 * Safe to repeat: what is due at the right time is left alone.
 */
export async function reckonTimers(services: Services, workspace: string, release: number): Promise<void> {
  const found = await services.releases.current(workspace)
  if (found === undefined) return
  if (found.number < release) {
    services.releases.forget(workspace)
    throw new Error(`release ${release} has not been heard of yet`)
  }
  for (let after: string | null = nobody; after !== null; ) {
    const from: string = after
    const runs = await inUnit(services, found, engineActor(services, found, nobody), (unit) =>
      unit.query<{ id: string; flow: string; release: number }>(
        `SELECT r.id, r.flow, r.release FROM ${flowTable(unit, 'run')} r WHERE r.id > $1 AND EXISTS (
           SELECT FROM ${flowTable(unit, 'timer')} t WHERE t.run = r.id
             AND t.state = 'open' AND t.remaining IS NULL AND t.reckoned IS NOT NULL)
         ORDER BY r.id LIMIT ${pageSize}`,
        [from],
      ),
    )
    for (const { id, flow, release: began } of runs) {
      const pinned = await services.releases.at(workspace, began)
      const settings = pinned.release.flows.get(flow)?.settings
      if (settings?.calendar === undefined || settings.deadlines === 'frozen') continue
      const key = settings.calendar
      await tellRun(services, workspace, { run: id }, (run) =>
        !isClosed(run) && isMoved(run, found, pinned, key) ? { type: 'reckon' } : null,
      )
    }
    after = runs.length === pageSize ? runs.at(-1)!.id : null
  }
}

function isMoved(run: FlowRun, inForce: ServedRelease, pinned: ServedRelease, key: string): boolean {
  const definition = inForce.release.calendars.get(key) ?? pinned.release.calendars.get(key)
  const calendar = definition && workCalendar(definition)
  return run.timers.some(({ state, left, reckoned, dueAt }) => {
    if (state !== 'open' || left !== null || reckoned === null || reckoned.frozen) return false
    return Date.parse(dueAfter(reckoned.from, reckoned, calendar).at) !== Date.parse(dueAt)
  })
}
