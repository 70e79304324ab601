import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { FlowEvent } from '@channelwright/runtime/flow/run.ts'
import type { Unit } from '../db/unit.ts'
import { readyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'

/**
 * By which version of its flow each event of a run happened: what was done at steps that a later release does not have
 * keeps the names it had. `events`: in order, up to the newest.
 */
export async function flowsOfEvents(
  unit: Unit,
  run: { readonly flow: string; readonly release: number },
  events: readonly FlowEvent[],
): Promise<readonly FlowDefinition[]> {
  const flows: FlowDefinition[] = []
  let { release } = run
  let flow = await flowAt(unit, run.flow, release)
  for (let at = events.length - 1; at >= 0; at--) {
    flows[at] = flow
    const { type, data } = events[at]!
    if (type !== 'migrated' || data.from === release) continue
    release = Number(data.from)
    flow = await flowAt(unit, run.flow, release)
  }
  return flows
}

/** The release that a run followed when the event of that number happened. */
export async function releaseAt(
  unit: Unit,
  run: { readonly id: string; readonly release: number },
  event: string,
): Promise<number> {
  const [next] = await unit.query<{ release: number }>(
    `SELECT (data ->> 'from')::integer AS release FROM ${flowTable(unit, 'event')}
     WHERE run = $1 AND id > $2::bigint AND type = 'migrated' ORDER BY id LIMIT 1`,
    [run.id, event],
  )
  return next?.release ?? run.release
}

async function flowAt(unit: Unit, key: string, release: number): Promise<FlowDefinition> {
  return readyFlow(await unit.services.releases.at(unit.served.workspace.key, release), key).flow
}
