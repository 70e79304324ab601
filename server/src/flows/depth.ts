import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowNestedTooDeep } from '@channelwright/runtime/errors/flow-starts.ts'
import type { Unit } from '../db/unit.ts'
import { flowTable } from './run-store.ts'

/**
 * How deep flows may start one another, whether they wait for each other or not. The check refuses circles of steps that
 * start flows; this one those that a change of release has closed, and flows that write what makes each other begin.
 */
const deepest = 20

/** How deep a case stands that the run starts. Refuses with FLOW_NESTED_TOO_DEEP. */
export async function depthBelow(unit: Unit, run: string, flow: string): Promise<number> {
  const [row] = await unit.asEngine(() =>
    unit.query<{ depth: number }>(`SELECT depth FROM ${flowTable(unit, 'run')} WHERE id = $1`, [run]),
  )
  return bound((row?.depth ?? 0) + 1, flow)
}

/** What a case writes so long after it began does not go round in a circle by itself, in ms. */
const aWhile = 10 * 60_000

/**
 * How deep a case stands that a write begins: below the run that wrote, unless that one has been open for a while, as
 * where people decide; 0 for what people write. Refuses with FLOW_NESTED_TOO_DEEP.
 */
export async function depthOfWrite(unit: Unit, flow: string): Promise<number> {
  const [row] = await unit.asEngine(() =>
    unit.query<{ depth: number }>(
      `SELECT r.depth FROM ${flowTable(unit, 'run')} r, (
         SELECT nullif(current_setting('cw.cause', true), '')::jsonb AS said
       ) cause
       WHERE r.id = (cause.said ->> 'run')::uuid AND cause.said ->> 'kind' = 'flow' AND r.started_at > $1`,
      [new Date(Date.parse(unit.now) - aWhile).toISOString()],
    ),
  )
  return row === undefined ? 0 : bound(row.depth + 1, flow)
}

function bound(depth: number, flow: string): number {
  if (depth > deepest) throw new Refusal(flowNestedTooDeep, { flow })
  return depth
}

export async function writeDepth(unit: Unit, run: string, depth: number): Promise<void> {
  if (depth === 0) return
  await unit.asEngine(() =>
    unit.query(`UPDATE ${flowTable(unit, 'run')} SET depth = $2 WHERE id = $1`, [run, depth]),
  )
}
