import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import type { Services } from '@channelwright/server/services.ts'
import pg from 'pg'
import type { TestMember } from '../support/members.ts'
import { testSecret } from '../support/secret.ts'
import { testConfig } from '../support/services.ts'
import { openBenchDatabase } from './database.ts'
import { type BenchFigure, figure } from './figure.ts'
import { multiply, type Pattern, preparePlain, prepareRegistration } from './flow-patterns.ts'

const connections = 8
/** Decisions in a round; rounds alternate with the bare transaction, so that a busy moment falls on both. */
const decisions = Number(process.env.BENCH_DECISIONS ?? 1_000)
const rounds = 3
const openRuns = Number(process.env.BENCH_OPEN_RUNS ?? 100_000)
const endedRuns = Number(process.env.BENCH_ENDED_RUNS ?? 1_000_000)
const timers = 200
const timersWithin = 4_000

/** Approvals through the whole program beside a bare transaction; timers; inboxes among many runs. */
export async function benchFlows(): Promise<BenchFigure[]> {
  const database = await openBenchDatabase()
  const servers: ChildProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  try {
    const log = createLogger({ logLevel: 'silent' })
    const { services, close } = await composeServices(testConfig(database.url), { log })
    const { written, told } = await preparePlain(services)
    const registration = await prepareRegistration(services)
    await services.owner.query(
      `CREATE TABLE ws_bench.bare_run AS SELECT * FROM ws_bench.cw_run;
       ALTER TABLE ws_bench.bare_run ADD PRIMARY KEY (id);
       CREATE TABLE ws_bench.bare_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run uuid NOT NULL, data jsonb)`,
    )
    const url = await serve(servers, database.url)
    const readInbox = () =>
      measure(200, 1, () => ask(agent, url, registration.approver, 'GET', '/api/v1/bench/tasks?limit=50'))
    const approve = async ({ workspace, approver }: Pattern, tasks: readonly string[], spread = 0) => {
      const path = (at: number) => `/api/v1/${workspace}/tasks/${tasks[at]}/decision`
      const decide = () => ({ decision: 'approve', taskRev: 1, commandId: randomUUID() })
      const began = performance.now()
      const done = await measure(tasks.length, connections, async (at) => {
        await until(began + (spread * at) / tasks.length)
        await ask(agent, url, approver, 'POST', path(at), decide())
      })
      await drained(services)
      return done
    }
    const emptyInbox = await readInbox()

    const own: Run[] = []
    const full: Run[] = []
    const bare: Run[] = []
    for (let round = 0; round < rounds; round++) {
      bare.push(await measureBare(database.url, decisions))
      own.push(await approve(written, await multiply(services, written, 'running', decisions)))
      full.push(await approve(registration, await multiply(services, registration, 'running', decisions)))
    }
    // A program that has just been started is measured by `npm run bench -- start`.
    const best = (runs: readonly Run[]) => runs.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
    const [mine, whole, limit] = [best(own), best(full), best(bare)]
    const late = await measureTimers(services, registration)
    await approve(told, await multiply(services, told, 'running', timers), timersWithin)
    const effectsLate = await readEffectsLate(services)

    await multiply(services, registration, 'running', openRuns, 'others')
    await multiply(services, registration, 'approved', endedRuns, 'others')
    await services.owner.query('VACUUM ANALYZE')
    const fullInbox = await readInbox()
    await close()
    return [
      {
        ...figure('approval commands', mine.perSecond, '1/s', limit.perSecond),
        note: `${connections} connections over HTTP; its record written, history, events and notifications included; beside a bare pg transaction that locks the run, updates it, inserts two rows and commits; best of ${rounds} rounds each`,
      },
      figure('approval command, p50', mine.p50, 'ms', limit.p50),
      figure('approval command, p99', mine.p99, 'ms', limit.p99),
      {
        ...figure('approvals of a registration', whole.perSecond, '1/s', limit.perSecond),
        note: 'the same, with its protection, thirteen indexes and the bonus that becomes due',
      },
      figure('approval of a registration, p50', whole.p50, 'ms', limit.p50),
      figure('approval of a registration, p99', whole.p99, 'ms', limit.p99),
      {
        ...figure('a timer starts after its time, p95', late, 'ms'),
        note: `${timers} timers spread over four seconds`,
      },
      {
        ...figure('an effect that is left to a job starts after its commit, p95', effectsLate, 'ms'),
        note: `${timers} approvals spread over four seconds`,
      },
      {
        ...figure('inbox page, p95', fullInbox.p95, 'ms', emptyInbox.p95),
        note: `among ${openRuns} open and ${endedRuns} finished runs of others; beside the same page in an empty workspace`,
      },
    ]
  } finally {
    agent.destroy()
    for (const server of servers) server.kill()
    await database.close()
  }
}

interface Run {
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

async function measure(count: number, width: number, work: (at: number) => Promise<unknown>): Promise<Run> {
  const times: number[] = []
  let next = 0
  const began = performance.now()
  const lane = async () => {
    while (next < count) {
      const at = next++
      const start = performance.now()
      await work(at)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { perSecond: count / seconds, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) }
}

/** Locks a run, updates it, inserts two rows, commits: what no engine on Postgres gets below. */
async function measureBare(url: string, count: number): Promise<Run> {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  try {
    await pool.query(
      `INSERT INTO ws_bench.bare_run SELECT r.* FROM ws_bench.bare_run b, generate_series(1, $1::int) AS s (n),
         LATERAL jsonb_populate_record(b, jsonb_build_object('id', md5(random()::text || n)::uuid)) r
       WHERE b.id = (SELECT id FROM ws_bench.bare_run LIMIT 1)`,
      [count],
    )
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM ws_bench.bare_run')
    const insert = 'INSERT INTO ws_bench.bare_event (run, data) VALUES ($1, $2)'
    return await measure(count, connections, async (at) => {
      const client = await pool.connect()
      const { id } = rows[at]!
      await client.query('BEGIN')
      await client.query({
        name: 'lock',
        text: 'SELECT * FROM ws_bench.bare_run WHERE id = $1 FOR UPDATE',
        values: [id],
      })
      await client.query({
        name: 'set',
        text: 'UPDATE ws_bench.bare_run SET rev = rev + 1 WHERE id = $1',
        values: [id],
      })
      await client.query({ name: 'in', text: insert, values: [id, '{"type":"decided"}'] })
      await client.query({ name: 'in', text: insert, values: [id, '{"type":"effect"}'] })
      await client.query('COMMIT')
      client.release()
    })
  } finally {
    await pool.end()
  }
}

/** From the moment that a timer is due to that of the transaction which fires it, p95 in ms. */
async function measureTimers(services: Services, pattern: Pattern): Promise<number> {
  await multiply(services, pattern, 'running', timers)
  await services.owner.query(
    `WITH made AS (
       INSERT INTO ws_bench.cw_timer (id, run, activation, task, seq, kind, due_at, data, state)
       SELECT gen_random_uuid(), t.run, t.activation, t.id, 0, 'timeout', now() + interval '2 seconds' + random() * interval '${timersWithin} ms',
         '{}', 'open'
       FROM ws_bench.cw_task t
       WHERE t.state = 'pending' AND NOT EXISTS (SELECT FROM ws_bench.cw_timer o WHERE o.run = t.run)
       ORDER BY t.created_at DESC LIMIT ${timers} RETURNING id, due_at
     ) SELECT channelwright.order_jobs(jsonb_agg(jsonb_build_object('job', 'fire-timer',
         'payload', jsonb_build_object('workspace', 'bench', 'payload', jsonb_build_object('timer', id)),
         'run_at', due_at, 'key', 'bench:fire-timer:' || id, 'max_attempts', 12, 'priority', 0))) FROM made`,
  )
  await new Promise((resolve) => setTimeout(resolve, 6_500))
  await drained(services)
  const { rows } = await services.owner.query<{ p95: number; count: number }>(
    `SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - t.due_at) * 1000)::float8 AS p95,
       count(*)::integer AS count
     FROM ws_bench.cw_timer t JOIN ws_bench.cw_event e ON e.run = t.run AND e.type = 'timer_late'`,
  )
  if (rows[0]?.count !== timers) throw new Error(`${rows[0]?.count} of ${timers} timers fired`)
  return rows[0].p95
}

/** From the transaction that wanted an effect to the one that applied it, p95 in ms. */
async function readEffectsLate({ owner }: Services): Promise<number> {
  const { rows } = await owner.query<{ p95: number; count: number }>(
    `SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - queued_at) * 1000)::float8 AS p95,
       count(*)::integer AS count
     FROM ws_plain.cw_effect WHERE type = 'notify' AND state = 'done'`,
  )
  if (rows[0]?.count !== timers) throw new Error(`${rows[0]?.count} of ${timers} effects were applied`)
  return rows[0].p95
}

async function until(time: number): Promise<void> {
  const left = time - performance.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}

async function drained({ owner }: Services): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { rows } = await owner.query<{ n: number }>(
      // Schedules wait for days.
      `SELECT count(*)::integer AS n FROM channelwright_jobs._private_jobs WHERE run_at < now() + interval '1 minute'`,
    )
    if (rows[0]?.n === 0) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('jobs are left')
}

function ask(
  agent: Agent,
  url: string,
  member: TestMember,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      cookie: member.cookie,
      ...(sent === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
    }
    const asking = request(new URL(path, url), { agent, method, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(text))))
    })
    asking.on('error', reject)
    asking.end(sent)
  })
}

async function serve(servers: ChildProcess[], databaseUrl: string): Promise<string> {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const program = fileURLToPath(new URL('./own-program.mjs', import.meta.url))
  const child = spawn(process.execPath, [program], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      CW_SECRET: testSecret,
      CW_LOG_LEVEL: 'error',
      CW_BASE_URL: `http://localhost:${port}`,
    },
    stdio: ['ignore', 2, 2],
  })
  servers.push(child)
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 300; tries++) {
    if ((await fetch(`${url}/readyz`).catch(() => null))?.status === 200) return url
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the server did not start')
}
