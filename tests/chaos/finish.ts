import { randomUUID } from 'node:crypto'
import { pause } from '@channelwright/server/db/failures.ts'
import { jobsSchema } from '@channelwright/server/jobs/job.ts'
import type { Call } from '../support/crash-world.ts'
import type { TestMember } from '../support/members.ts'
import { type ClientLog, giveUntilTold } from './commands.ts'
import type { LoadWorld } from './load-world.ts'
import { goAhead, signature } from './people.ts'
import type { Chance } from './random.ts'
import { clockJump } from './trouble.ts'

// After the trouble: people deal with everything that waits for them, until every case has ended.

interface OpenRun {
  readonly id: string
  readonly status: string
  readonly record: string
  readonly waits: boolean
  readonly tasks: readonly {
    readonly id: string
    readonly rev: number
    readonly node: string
    readonly assignee: string
  }[]
}

/** Returns in words what did not come to its end. */
export async function bringToEnds(
  world: LoadWorld,
  chance: Chance,
  log: ClientLog,
  within: number,
): Promise<readonly string[]> {
  const end = Date.now() + within
  // A timer that a server began while its clock was ahead is due when the others get there, too.
  for (const { server } of world.places) server?.shiftClock(clockJump)
  const { deals, requests, errands } = world
  const workspaces = [
    { key: deals.key, keeper: deals.admin },
    { key: requests.key, keeper: requests.keeper },
    { key: errands.key, keeper: errands.keeper },
  ]
  for (;;) {
    const left: string[] = []
    for (const { key, keeper } of workspaces)
      for (const run of await openRuns(world, key)) {
        left.push(`${key} ${run.id} is still ${run.status}`)
        for (const call of nextCalls(world, key, keeper, run)) await giveUntilTold(world, chance, log, call)
      }
    if (left.length === 0) return []
    if (Date.now() > end) return [...left, ...(await jobsLeft(world))]
    await hurryJobs(world)
    await pause(300)
  }
}

/**
 * The queue goes by the clock of Postgres: what is due by the servers' clocks is due there as well. And what failed
 * while things broke is tried again later and later, up to hours; here it need not wait.
 */
async function hurryJobs({ composed }: LoadWorld): Promise<void> {
  await composed.services.owner.query(
    `UPDATE ${jobsSchema}._private_jobs SET run_at = now()
     WHERE locked_at IS NULL AND attempts < max_attempts AND run_at > now()
       AND (attempts > 0 OR run_at <= now() + $1 * interval '1 millisecond')`,
    [clockJump],
  )
}

/** What the queue still holds, in words. */
async function jobsLeft({ composed }: LoadWorld): Promise<string[]> {
  const { rows } = await composed.services.owner.query<Record<string, unknown>>(
    `SELECT t.identifier AS job, j.key, j.attempts, j.run_at, j.locked_by, j.last_error
     FROM ${jobsSchema}._private_jobs j JOIN ${jobsSchema}._private_tasks t ON t.id = j.task_id
     WHERE j.run_at < now() + interval '2 hours' ORDER BY j.run_at LIMIT 20`,
  )
  return rows.map((row) => `in the queue: ${JSON.stringify(row)}`)
}

function nextCalls(world: LoadWorld, workspace: string, keeper: TestMember, run: OpenRun): Call[] {
  const post = (by: TestMember, path: string, body: Record<string, string | number>): Call => ({
    by,
    method: 'POST',
    path: `${workspace}/${path}`,
    body: { commandId: randomUUID(), ...body },
  })
  const reason = 'Closing time'
  if (run.status === 'suspended') return [post(keeper, `runs/${run.id}/resume`, { reason })]
  if (run.status === 'incident') return [post(keeper, `runs/${run.id}/retry`, { reason })]
  const [task] = run.tasks
  if (task !== undefined) {
    const by = world.people.get(task.assignee)
    if (by === undefined) throw new Error(`nobody knows ${task.assignee}`)
    const decision = task.node === 'n_start' ? 'submit' : 'approve'
    const given = { decision, taskRev: task.rev, ...signature({ node: { id: task.node } }) }
    return [post(by, `tasks/${task.id}/decision`, given as Record<string, string | number>)]
  }
  return run.waits ? [goAhead(world, run.record)] : []
}

async function openRuns({ composed }: LoadWorld, workspace: string): Promise<OpenRun[]> {
  const schema = `ws_${workspace}`
  const { rows } = await composed.services.owner.query<OpenRun>(
    `SELECT r.id, r.status, r.record,
       EXISTS (SELECT FROM ${schema}.cw_activation a WHERE a.run = r.id AND a.status = 'active' AND a.state ? 'wait') AS waits,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.id, 'rev', t.rev, 'node', t.node, 'assignee', t.assignee)
         ORDER BY t.seq) FROM ${schema}.cw_task t WHERE t.run = r.id AND t.state = 'pending'), '[]') AS tasks
     FROM ${schema}.cw_run r WHERE r.ended_at IS NULL`,
  )
  return rows
}
