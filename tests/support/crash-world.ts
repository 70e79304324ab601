import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { type Composed, composeServices, createLogger } from '@channelwright/server/compose.ts'
import { pause } from '@channelwright/server/db/failures.ts'
import { jobsSchema } from '@channelwright/server/jobs/job.ts'
import { castErrands, type ErrandCast } from './errand-pack.ts'
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts'
import { type MailReceiver, startMailReceiver } from './mail-receiver.ts'
import { type Answer, callAs, type TestMember } from './members.ts'
import {
  type BuiltServer,
  buildTestServer,
  type ServerProcess,
  type ServerSettings,
  startServerProcess,
} from './server-process.ts'
import { testConfig } from './services.ts'

/** A database with a workspace of errands, the systems around it, and servers that can be killed. */
export interface CrashWorld {
  readonly composed: Composed
  readonly cast: ErrandCast
  readonly hook: HookReceiver
  readonly mail: MailReceiver
  readonly databaseUrl: string
  start(settings?: Partial<ServerSettings>): Promise<ServerProcess>
  /** Rows, asked as the owner. `ws.` in the text stands for the workspace's schema. */
  ask<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export const errands = 'errands'

export async function openCrashWorld(databaseUrl: string, built?: BuiltServer): Promise<CrashWorld> {
  const own = built ?? (await buildTestServer())
  const dataDir = await mkdtemp(join(tmpdir(), 'cw-crash-'))
  // The machine's clock and no worker: jobs are left to the servers that are started.
  const composed = await composeServices(testConfig(databaseUrl), {
    connections: 8,
    log: createLogger({ logLevel: 'silent' }),
  })
  const hook = await startHookReceiver()
  const mail = await startMailReceiver()
  const cast = await castErrands(composed.services, errands, hook.url)
  const running = new Set<ServerProcess>()
  return {
    composed,
    cast,
    hook,
    mail,
    databaseUrl,
    async start(settings = {}) {
      const env = { CW_WEBHOOK_HOSTS: hook.host, CW_SMTP_URL: mail.url, ...settings.env }
      const server = await startServerProcess(own, { databaseUrl, dataDir, ...settings, env })
      running.add(server)
      void server.death.then(() => running.delete(server))
      return server
    },
    async ask<Row>(text: string, values: readonly unknown[] = []) {
      const sql = text.replaceAll('ws.', `"${cast.workspace.schema}".`)
      return (await composed.services.owner.query(sql, [...values])).rows as Row[]
    },
    async close() {
      for (const server of running) await server.kill()
      await composed.close()
      await hook.close()
      await mail.close()
      if (built === undefined) await own.remove()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A command that can be given again as it was: the same words, the same id. */
export interface Call {
  readonly by: TestMember
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: JsonObject
  /** Of a write of a record; commands carry their id in the body. */
  readonly idempotencyKey?: string
}

export function give(url: string, { by, method, path, body, idempotencyKey }: Call): Promise<Answer> {
  return callAs(url, by)(method, `/api/v1/${path}`, {
    ...(body === undefined ? {} : { body }),
    ...(idempotencyKey === undefined ? {} : { headers: { 'idempotency-key': idempotencyKey } }),
  })
}

/** The answer, or null where none came. */
export function tryToGive(url: string, call: Call): Promise<Answer | null> {
  return give(url, call).catch(() => null)
}

export function submitErrand({ cast }: CrashWorld, kind: string, values: JsonObject = {}): Call {
  const name = `${kind} ${randomUUID().slice(0, 8)}`
  const body = {
    name,
    kind,
    ...(['parts', 'asking'].includes(kind) ? { parts: [{ name: 'a' }, { name: 'b' }] } : {}),
    ...values,
  }
  const path = `${cast.key}/records/errand`
  return { by: cast.asker, method: 'POST', path, body, idempotencyKey: randomUUID() }
}

export function onTask(
  { cast }: CrashWorld,
  by: TestMember,
  { id, rev }: { readonly id: string; readonly rev: number },
  command: string,
  more: JsonObject = {},
): Call {
  const body = { commandId: randomUUID(), taskRev: rev, ...more }
  return { by, method: 'POST', path: `${cast.key}/tasks/${id}/${command}`, body }
}

export function onRun(
  { cast }: CrashWorld,
  by: TestMember,
  run: string,
  command: string,
  more: JsonObject = {},
): Call {
  const body = { commandId: randomUUID(), ...more }
  return { by, method: 'POST', path: `${cast.key}/runs/${run}/${command}`, body }
}

export interface OpenTask {
  readonly id: string
  readonly rev: number
  readonly run: string
  readonly assignee: string
  readonly node: string
}

export function openTasks(world: CrashWorld, record: string): Promise<OpenTask[]> {
  return world.ask<OpenTask>(
    `SELECT id, rev, run, assignee, node FROM ws.cw_task WHERE record = $1 AND state = 'pending' ORDER BY id`,
    [record],
  )
}

export async function runOf(world: CrashWorld, record: string): Promise<string> {
  const rows = await world.ask<{ id: string }>(
    `SELECT id FROM ws.cw_run WHERE record = $1 AND parent_run IS NULL`,
    [record],
  )
  if (rows.length !== 1) throw new Error(`the record ${record} has ${rows.length} cases`)
  return rows[0]!.id
}

/** Waits until no job is left that is due or was tried; throws with those that are. */
export async function untilSettled({ ask }: Pick<CrashWorld, 'ask'>, within: number): Promise<void> {
  await until(
    async () => (await jobsLeft(ask).catch(() => ['the database does not answer'])).length === 0,
    within,
    async () => (await jobsLeft(ask)).join('\n'),
  )
}

async function jobsLeft(ask: CrashWorld['ask']): Promise<string[]> {
  const rows = await ask<{ said: string }>(
    `SELECT concat_ws(' ', task.identifier, job.key, 'tries', job.attempts, job.locked_by, job.run_at, job.last_error) AS said
     FROM ${jobsSchema}._private_jobs job JOIN ${jobsSchema}._private_tasks task ON task.id = job.task_id
     WHERE run_at <= now() OR attempts > 0`,
  )
  return rows.map(({ said }) => said)
}

export async function until(
  holds: () => Promise<boolean>,
  within: number,
  tell: () => Promise<string> | string = () => '',
): Promise<void> {
  const end = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not happen within ${within} ms: ${await tell()}`)
    await pause(100)
  }
}

/** How often what an errand's flows write has been written to it. */
export async function growthOfRecord(world: CrashWorld, record: string): Promise<number> {
  const served = await world.composed.services.releases.current(world.cast.key)
  const table = served?.tables.get('errand')?.table
  const [row] = await world.ask<{ sum: string | null }>(
    `SELECT coalesce(count, 0) + coalesce(hooked, 0) + coalesce(paid, 0) AS sum FROM ws."${table}" WHERE id = $1`,
    [record],
  )
  return Number(row?.sum ?? 0)
}
