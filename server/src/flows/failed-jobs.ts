import type { FlowEvent } from '@channelwright/runtime/flow/run.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import type { Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { sayFlowChanged } from './hints.ts'
import { flowTable, writeEvents } from './run-store.ts'
import { describeFailure, messageAdministrators } from './tell-administrators.ts'

export interface FailedJob {
  readonly title: Text
  /** The case that waits for it, if it is one alone. */
  readonly run: string | undefined
  /** When it is tried again, ISO 8601. */
  readonly again: string
}

/**
 * Background work has failed as often as it is tried: who administers flows is told, and the story of the case that
 * waits for it says so. It is tried again, so nothing of the case is changed.
 */
export async function tellFailedJob(
  services: Services,
  workspace: string,
  job: FailedJob,
  error: unknown,
): Promise<void> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return
  await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const run = job.run === undefined ? null : await findRun(unit, job.run)
    const failure = describeFailure(error)
    const at = job.again.slice(0, 16).replace('T', ' ')
    await messageAdministrators(unit, {
      run,
      title: {
        en: `Work in the background keeps failing: ${job.title.en}`,
        zh: `后台任务多次失败:${job.title.zh}`,
      },
      text: {
        en: `${failure.en}. It is tried again at ${at} (UTC).`,
        zh: `${failure.zh}。将于 ${at}(UTC)重试。`,
      },
    })
    if (run === null) return
    const data = { job: { ...job.title } }
    const event: FlowEvent = { type: 'job_failed', at: unit.now, by: null, node: null, task: null, data }
    await writeEvents(unit, run, [event])
    unit.afterCommit(() => sayFlowChanged(services, workspace, run, []))
  })
}

async function findRun(unit: Unit, id: string): Promise<string | null> {
  const [row] = await unit.query<{ id: string }>(`SELECT id FROM ${flowTable(unit, 'run')} WHERE id = $1`, [
    id,
  ])
  return row?.id ?? null
}
