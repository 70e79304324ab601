import { isClosed } from '@channelwright/runtime/flow/run.ts'
import { inUnit } from '../db/unit.ts'
import type { Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { keepActive } from './find-people.ts'
import { flowTable } from './run-store.ts'
import { tellRun } from './system-command.ts'

/**
 * Hands what waits for somebody who left to whoever stands in for them, is above them, or administers: one transaction
 * per run, so that a failure keeps none of the others back. Who is active (again) keeps everything.
 */
export async function handOverTasks(services: Services, workspace: string, user: string): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  const runs = await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    if ((await keepActive(unit, [user])).length > 0) return []
    return unit.query<{ run: string }>(
      `SELECT DISTINCT run FROM ${flowTable(unit, 'task')}
       WHERE (assignee = $1 OR on_behalf_of = $1) AND state IN ('pending', 'waiting')`,
      [user],
    )
  })
  for (const { run } of runs)
    await tellRun(services, workspace, { run }, (one) =>
      isClosed(one) ? null : { type: 'person_left', user },
    )
}
