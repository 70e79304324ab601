import type { FlowVersionList, FlowVersions } from '@channelwright/runtime/api/migrations.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowReleaseUnknown } from '@channelwright/runtime/errors/flows.ts'
import { mapNodes } from '@channelwright/runtime/flow/migration.ts'
import type { Unit } from '../db/unit.ts'
import { readyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'

const open = `status IN ('running', 'returned', 'suspended', 'incident')`

/**
 * Each flow that has cases, whether or not any is open, with its title in the release in force, or else in the one that
 * its newest case began on. From one flow to the next by the index: a million ended cases are not looked at.
 */
async function flowsWithCases(unit: Unit): Promise<FlowVersionList['cases']> {
  const run = flowTable(unit, 'run')
  const rows = await unit.asEngine(() =>
    unit.query<{ flow: string; release: number }>(
      `WITH RECURSIVE found AS (
         (SELECT flow FROM ${run} ORDER BY flow LIMIT 1)
         UNION ALL
         SELECT (SELECT r.flow FROM ${run} r WHERE r.flow > found.flow ORDER BY r.flow LIMIT 1)
         FROM found WHERE found.flow IS NOT NULL)
       SELECT flow, (SELECT r.release FROM ${run} r WHERE r.flow = found.flow
         ORDER BY r.started_at DESC, r.id DESC LIMIT 1) AS release
       FROM found WHERE flow IS NOT NULL`,
    ),
  )
  const cases: FlowVersionList['cases'][number][] = []
  for (const { flow: key, release } of rows) {
    const inForce = unit.served.release.flows.has(key)
    const served = inForce ? unit.served : await unit.services.releases.at(unit.served.workspace.key, release)
    cases.push({ key, title: readyFlow(served, key).flow.title })
  }
  return cases
}

/** Of each flow, how many open cases follow the release in force and how many an older one. */
export async function listFlowVersions(unit: Unit): Promise<FlowVersionList> {
  const { number, release, workspace } = unit.served
  const rows = await unit.asEngine(() =>
    unit.query<{ flow: string; current: number; older: number; latest: number }>(
      `SELECT flow, count(*) FILTER (WHERE release = $1)::integer AS current,
         count(*) FILTER (WHERE release <> $1)::integer AS older, max(release) AS latest
       FROM ${flowTable(unit, 'run')} WHERE ${open} GROUP BY flow ORDER BY older DESC, flow`,
      [number],
    ),
  )
  const flows: FlowVersionList['flows'][number][] = []
  for (const { flow: key, current, older, latest } of rows) {
    const now = release.flows.get(key)
    // A flow that is gone is known by the last release that has cases of it.
    const served = now ? unit.served : await unit.services.releases.at(workspace.key, latest)
    const { title } = readyFlow(served, key).flow
    flows.push({ key, title, current, older, gone: now === undefined })
  }
  return { release: number, flows, cases: await flowsWithCases(unit) }
}

/** The older releases that open cases of a flow follow, and where their steps are by now. Throws FLOW_RELEASE_UNKNOWN. */
export async function readFlowVersions(unit: Unit, key: string): Promise<FlowVersions> {
  const { number, release, workspace } = unit.served
  const target = release.flows.get(key)
  if (target === undefined) throw new Refusal(flowReleaseUnknown, { release: number })
  const [counts, waits] = await unit.asEngine(() =>
    Promise.all([
      unit.query<{ release: number; open: number; stuck: number }>(
        `SELECT release, count(*)::integer AS open, count(*) FILTER (WHERE status = 'incident')::integer AS stuck
         FROM ${flowTable(unit, 'run')} WHERE flow = $1 AND release <> $2 AND ${open}
         GROUP BY release ORDER BY release DESC`,
        [key, number],
      ),
      unit.query<{ release: number; node: string; waiting: number }>(
        `SELECT r.release, a.node, count(*)::integer AS waiting FROM ${flowTable(unit, 'run')} r
         JOIN ${flowTable(unit, 'activation')} a ON a.run = r.id AND a.status = 'active'
         WHERE r.flow = $1 AND r.release <> $2 AND r.${open} GROUP BY r.release, a.node`,
        [key, number],
      ),
    ]),
  )
  const { rows: published } = await unit.services.owner.query<{ number: number; created_at: string }>(
    'SELECT number, created_at FROM channelwright.release WHERE workspace = $1 AND number = ANY ($2::integer[])',
    [workspace.id, counts.map((row) => row.release)],
  )
  const releases: FlowVersions['releases'][number][] = []
  for (const row of counts) {
    const { flow } = readyFlow(await unit.services.releases.at(workspace.key, row.release), key)
    const waitingAt = (id: string) =>
      waits.find((wait) => wait.release === row.release && wait.node === id)?.waiting ?? 0
    releases.push({
      ...row,
      published_at: published.find((one) => one.number === row.release)?.created_at ?? '',
      differs: JSON.stringify(flow) !== JSON.stringify(target),
      nodes: mapNodes(flow, target).map((node) => ({ ...node, waiting: waitingAt(node.id) })),
    })
  }
  return { flow: { key, title: target.title }, release: number, releases }
}
