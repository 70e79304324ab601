import type { BatchBody, BatchReply } from '@channelwright/runtime/api/flows.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowNotInBatch } from '@channelwright/runtime/errors/flow-service.ts'
import { flowTaskUnknown } from '@channelwright/runtime/errors/flows.ts'
import { formatText, type Locale } from '@channelwright/runtime/text.ts'
import { inUnit } from '../db/unit.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { runCommand } from './command.ts'
import { flowTable } from './run-store.ts'
import { allowsBatch } from './tasks.ts'

/**
 * Approves several tasks, each in a transaction of its own that says how it went: one that is refused keeps none of
 * the others back. Steps where something must be filled in, said, signed or attached are left to their own screens.
 */
export async function approveTasks(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  locale: Locale,
  { items, comment }: BatchBody,
): Promise<BatchReply> {
  const results: BatchReply['results'][number][] = []
  for (const { task, taskRev, commandId, seenVersion } of items) {
    try {
      await refuseUnfit(services, served, actor, task)
      const given = {
        decision: 'approve',
        ...(comment ? { comment } : {}),
        ...(seenVersion === undefined ? {} : { seenVersion }),
      }
      await runCommand(services, served, actor, commandId, { type: 'decide', task, taskRev, given })
      results.push({ task, done: true, problem: null })
      reachFailpoint('batch.one-decided')
    } catch (error) {
      // Nobody knows what became of it: the whole is refused, and given again under the same ids it goes on from there.
      if (!(error instanceof Refusal) || error.definition.status >= 500) throw error
      const { code, message, hint } = error.definition
      const say = (text: typeof message) => formatText(text, locale, error.values)
      results.push({ task, done: false, problem: { code, message: say(message), hint: say(hint) } })
    }
  }
  return { results }
}

async function refuseUnfit(
  services: Services,
  served: ServedRelease,
  actor: Actor,
  task: string,
): Promise<void> {
  const [row] = await inUnit(
    services,
    served,
    actor,
    (unit) =>
      unit.query<{ flow: string; node: string; release: number }>(
        `SELECT flow, node, release FROM ${flowTable(unit, 'task')} WHERE id = $1`,
        [task],
      ),
    { readOnly: true },
  )
  if (row === undefined) throw new Refusal(flowTaskUnknown)
  const pinned = await services.releases.at(served.workspace.key, row.release)
  if (!allowsBatch(pinned, row)) throw new Refusal(flowNotInBatch)
}
