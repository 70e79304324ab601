import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Composed, composeServices, createLogger } from '@channelwright/server/compose.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { runCommand } from '@channelwright/server/flows/command.ts'
import { enqueueJobNow } from '@channelwright/server/jobs/enqueue.ts'
import type { Failpoint } from '@channelwright/server/jobs/failpoint.ts'
import { fireTimerJob } from '@channelwright/server/jobs/fire-timer.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { testSecret } from '../support/secret.ts'
import { testConfig } from '../support/services.ts'

// The real server process is killed at named places (`jobs/failpoint.ts`), as a power cut would; another one must
// bring what was under way to its end, once.

const root = fileURLToPath(new URL('../..', import.meta.url))
const key = 'crash'

let database: TestDatabase
let composed: Composed
let deals: DealWorkspace
let dataDir: string
let manager: TestMember
let managerActor: Actor
let salesActor: Actor
let line: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  database = await openTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'cw-crash-'))
  // The machine's clock and no worker: jobs are left to the processes below.
  composed = await composeServices(testConfig(database.url), {
    connections: 8,
    log: createLogger({ logLevel: 'silent' }),
  })
  deals = await createDealWorkspace(composed.services, key)
  manager = await deals.join({ name: 'Mei Manager', roles: ['channel_manager'] })
  const partner = await deals.seed(
    'partner',
    fill('partner', { legal_name: 'Orion Ltd', channel_manager: manager.user }),
  )
  line = await deals.seed('product_line', fill('product_line', {}))
  const sales = await deals.join({ name: 'Sam Sales', roles: ['partner_sales'], partner })
  managerActor = await deals.actor({ ...manager, roles: ['channel_manager'] })
  salesActor = await deals.actor({ ...sales, roles: ['partner_sales'], partner })
}, 120_000)

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await composed?.close()
  await database?.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Values for whatever the object requires. */
function fill(object: string, values: Record<string, string>): Record<string, string> {
  const { required = [], properties } = deals.served.release.objects.get(object)!.schema
  const filled = { ...values }
  for (const field of required)
    filled[field] ??= (properties[field] as { oneOf?: { const: string }[] }).oneOf?.[0]?.const ?? '2026-01-01'
  return filled
}

interface RunningServer {
  readonly url: string
  readonly child: ChildProcess
  /** Resolves with the signal that ended it. */
  readonly death: Promise<NodeJS.Signals | null>
}

async function startServer(failpoint?: Failpoint): Promise<RunningServer> {
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      CW_SECRET: testSecret,
      CW_DATA_DIR: dataDir,
      CW_BASE_URL: `http://localhost:${port}`,
      CW_LOG_LEVEL: 'error',
      PORT: String(port),
      ...(failpoint === undefined ? {} : { CHANNELWRIGHT_FAILPOINT: failpoint }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let said = ''
  child.stdout?.on('data', (chunk) => {
    said += chunk
  })
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const death = once(child, 'exit').then(([, signal]) => {
    children.delete(child)
    return signal as NodeJS.Signals | null
  })
  const url = `http://127.0.0.1:${port}`
  await until(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended: ${said}`)
      return (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200
    },
    // A machine that does much else needs long to read all of the program.
    150_000,
    () => said,
  )
  return { url, child, death }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function until(
  holds: () => Promise<boolean>,
  within: number,
  tell: () => string = () => '',
): Promise<void> {
  const end = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not happen within ${within} ms ${tell()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

let customers = 0

/** Submits a registration; returns it with the manager's task. */
async function submit(): Promise<{ record: string; task: string }> {
  customers += 1
  const values = {
    customer_name: `Customer number ${customers}`,
    product_line: line,
    amount: '1000.00',
    close_on: '2099-01-01',
    note: 'They have a budget and a date.',
  }
  const { services } = composed
  const { id } = await inUnit(services, deals.served, salesActor, (unit) =>
    createRecord(unit, 'registration', values, { form: 'registration_new' }),
  )
  const { rows } = await services.owner.query<{ id: string }>(
    `SELECT id FROM ws_crash.cw_task WHERE record = $1`,
    [id],
  )
  return { record: id, task: rows[0]!.id }
}

function approve(task: string) {
  const command = { type: 'decide', task, taskRev: 1, given: { decision: 'approve' } } as const
  return runCommand(composed.services, deals.served, managerActor, composed.services.ids.next(), command)
}

/** What there is of a case once it is over: everything exactly once. */
async function traceOf(record: string) {
  const { owner } = composed.services
  const count = async (sql: string) => (await owner.query<{ n: number }>(sql, [record])).rows[0]?.n
  const table = deals.served.tables.get('registration')?.table
  return {
    state: (await owner.query(`SELECT state FROM ws_crash."${table}" WHERE id = $1`, [record])).rows[0]
      ?.state,
    run: (await owner.query(`SELECT status FROM ws_crash.cw_run WHERE record = $1`, [record])).rows[0]
      ?.status,
    updates: await count(
      `SELECT count(*)::integer AS n FROM ws_crash.cw_history WHERE record_id = $1 AND op = 'update'`,
    ),
    effects: await count(
      `SELECT count(*)::integer AS n FROM ws_crash.cw_effect e JOIN ws_crash.cw_run r ON r.id = e.run
       WHERE r.record = $1 AND e.state = 'done'`,
    ),
    done: await count(
      `SELECT count(*)::integer AS n FROM ws_crash.cw_event e JOIN ws_crash.cw_run r ON r.id = e.run
       WHERE r.record = $1 AND e.type = 'effect_done'`,
    ),
    decided: await count(
      `SELECT count(*)::integer AS n FROM ws_crash.cw_event e JOIN ws_crash.cw_run r ON r.id = e.run
       WHERE r.record = $1 AND e.type = 'decided'`,
    ),
  }
}

async function openJobs(name = 'apply-effect'): Promise<number> {
  const { rows } = await composed.services.owner.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM channelwright_jobs._private_jobs j
     JOIN channelwright_jobs._private_tasks t ON t.id = j.task_id WHERE t.identifier = $1`,
    [name],
  )
  return rows[0]?.n ?? 0
}

const once_ = { state: 'approved', run: 'approved', updates: 1, effects: 1, done: 1, decided: 1 }

describe('a server that is killed', () => {
  test('in the middle of an effect, at any place: another server applies each exactly once within 30 seconds', async () => {
    const places: Failpoint[] = [
      'effect.claimed',
      'effect.applied',
      'effect.before-commit',
      'effect.after-commit',
    ]
    const cases: { place: Failpoint; record: string }[] = []
    for (const place of places) {
      const server = await startServer(place)
      const { record, task } = await submit()
      await approve(task)
      expect(await server.death, place).toBe('SIGKILL')
      cases.push({ place, record })
    }
    const died = Date.now()
    const other = await startServer()
    await until(async () => (await openJobs()) === 0, 30_000 - (Date.now() - died))
    for (const { place, record } of cases) expect(await traceOf(record), place).toEqual(once_)
    other.child.kill('SIGTERM')
    await other.death
  }, 600_000)

  test('before, at and after the commit of a decision: the person sends it again and it is done once', async () => {
    const places: Failpoint[] = ['command.after-guard', 'command.before-commit', 'command.after-commit']
    const cases: { place: Failpoint; record: string; path: string; body: Record<string, string | number> }[] =
      []
    for (const place of places) {
      const server = await startServer(place)
      const { record, task } = await submit()
      const path = `/api/v1/${key}/tasks/${task}/decision`
      const body = { decision: 'approve', taskRev: 1, commandId: composed.services.ids.next() }
      await expect(callAs(server.url, manager)('POST', path, { body })).rejects.toThrow()
      expect(await server.death, place).toBe('SIGKILL')
      cases.push({ place, record, path, body })
    }
    const died = Date.now()
    const other = await startServer()
    for (const { place, path, body } of cases)
      for (let times = 0; times < 3; times++) {
        const answer = await callAs(other.url, manager)('POST', path, { body })
        expect([place, answer.status, answer.body.task?.state]).toEqual([place, 200, 'approved'])
      }
    await until(async () => (await openJobs()) === 0, 30_000 - (Date.now() - died))
    for (const { place, record } of cases) expect(await traceOf(record), place).toEqual(once_)
    other.child.kill('SIGTERM')
    await other.death
  }, 600_000)

  test('while a timer fires, before and after its commit: it fires once, also when it is delivered ten times', async () => {
    const { owner } = composed.services
    const places: Failpoint[] = ['timer.claimed', 'timer.after-commit']
    const timers: { place: Failpoint; timer: string; run: string }[] = []
    for (const place of places) {
      const { record } = await submit()
      const timer = composed.services.ids.next()
      const { rows } = await owner.query<{ run: string }>(
        `INSERT INTO ws_crash.cw_timer (id, run, activation, task, seq, kind, due_at, data, state)
         SELECT $2, run, activation, id, 0, 'timeout', now(), '{}', 'open' FROM ws_crash.cw_task WHERE record = $1
         RETURNING run`,
        [record, timer],
      )
      timers.push({ place, timer, run: rows[0]!.run })
      const server = await startServer(place)
      await enqueueJobNow(composed.services, key, fireTimerJob, { timer }, { key: timer })
      expect(await server.death, place).toBe('SIGKILL')
      // Freed it would kill the next server before its own turn; it is delivered often enough below.
      await owner.query(`DELETE FROM channelwright_jobs._private_jobs WHERE locked_at IS NOT NULL`)
    }
    const other = await startServer()
    for (const { timer } of timers)
      for (let times = 0; times < 10; times++)
        await enqueueJobNow(composed.services, key, fireTimerJob, { timer }, { key: `${timer} ${times}` })
    await until(async () => (await openJobs('fire-timer')) === 0, 30_000)
    for (const { place, timer, run } of timers) {
      const states = await owner.query(`SELECT state FROM ws_crash.cw_timer WHERE id = $1`, [timer])
      expect([place, states.rows[0]?.state]).toEqual([place, 'fired'])
      const events = await owner.query(
        `SELECT count(*)::integer AS n FROM ws_crash.cw_event WHERE run = $1 AND type IN ('timed_out', 'timer_late')`,
        [run],
      )
      expect([place, events.rows[0]?.n]).toEqual([place, 1])
    }
    other.child.kill('SIGTERM')
    await other.death
  }, 600_000)

  test('every connection to the database is cut: the same server goes on by itself', async () => {
    const server = await startServer()
    for (let times = 0; times < 3; times++) {
      const { record, task } = await submit()
      await approve(task)
      await composed.services.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'channelwright%'`,
      )
      await until(async () => (await openJobs().catch(() => 1)) === 0, 30_000)
      expect(await traceOf(record)).toEqual(once_)
    }
    server.child.kill('SIGTERM')
    expect(await server.death).toBeNull()
  }, 300_000)
})
