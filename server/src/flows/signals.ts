import { isClosed } from '@channelwright/runtime/flow/run.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { RecordChange, Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { signalRunJob } from '../jobs/signal-run.ts'
import type { Services } from '../services.ts'
import { flowTable } from './run-store.ts'
import { tellRun } from './system-command.ts'

interface Waiting {
  readonly id: string
  readonly run: string
}

/**
 * Steps that wait for a change of this record hear of it, each in a transaction of its own; so do those that watch
 * another one by way of it. A step that begins to wait in a transaction which is not committed yet is not found here: it
 * looks again behind this lock (`signalRun`).
 */
export async function signalWaits(unit: Unit, change: RecordChange): Promise<void> {
  if (change.by === 'seed' || !(await mayBeWaitedFor(unit))) return
  await unit.asEngine(async () => {
    const [activation, run] = [flowTable(unit, 'activation'), flowTable(unit, 'run')]
    await unit.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [
      lockOf(unit, change.id),
    ])
    const waiting = await unit.query<Waiting>(
      `SELECT id, run FROM ${activation}
       WHERE status = 'active' AND state ? 'wait' AND state #>> '{wait,record}' = $1::text AND state #>> '{wait,event}' = 'changed'
       UNION
       SELECT a.id, a.run FROM ${run} r JOIN ${activation} a ON a.run = r.id
       WHERE r.record = ($1::text)::uuid AND r.status IN ('running', 'returned', 'suspended', 'incident')
         AND a.status = 'active' AND a.state ? 'wait' AND a.state #>> '{wait,event}' = 'changed'`,
      [change.id],
    )
    for (const { id: activation, run } of waiting)
      enqueueJob(unit, signalRunJob, { run, activation, name: 'changed' }, { key: activation })
  })
}

/**
 * Whether any step may wait for records at all: a flow in force says so, or a case that began under an earlier release
 * does. The latter is asked once per release, for it can only become less.
 */
async function mayBeWaitedFor(unit: Unit): Promise<boolean> {
  const { cache, release } = unit.served
  const kept = cache.get('flows/waits') as boolean | undefined
  if (kept !== undefined) return kept
  let waits = [...release.flows.values()].some((flow) => flow.nodes.some((node) => node.type === 'wait'))
  if (!waits)
    waits = await unit.asEngine(async () => {
      const text = `SELECT 1 FROM ${flowTable(unit, 'activation')} WHERE status = 'active' AND state ? 'wait' LIMIT 1`
      return (await unit.query(text)).length > 0
    })
  cache.set('flows/waits', waits)
  return waits
}

function lockOf(unit: Unit, record: string): string {
  return `${unit.served.workspace.schema}: waits for ${record}`
}

/**
 * A step looks whether what it waits for holds. Whoever writes its record has either found the step or holds the lock,
 * and is waited for here. Delivered twice, the step looks twice: it goes on once.
 */
export async function signalRun(
  services: Services,
  workspace: string,
  { run, activation, name }: { readonly run: string; readonly activation: string; readonly name: string },
): Promise<void> {
  await tellRun(services, workspace, { run }, async (found, unit) => {
    const step = found.activations.find((one) => one.id === activation)
    if (isClosed(found) || step?.status !== 'active') return null
    const wait = isJsonObject(step.state.wait ?? null) ? (step.state.wait as JsonObject) : {}
    for (const record of new Set([found.record, wait.record]))
      if (typeof record === 'string')
        await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lockOf(unit, record)])
    return { type: 'signal', activation, name, data: {} }
  })
}
