import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createApp, listen, stopListening } from '@channelwright/server/app.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import type { Services } from '@channelwright/server/services.ts'
import pg from 'pg'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { testSecret } from '../support/secret.ts'
import { testConfig } from '../support/services.ts'
import { openBenchDatabase } from './database.ts'
import { type BenchFigure, figure } from './figure.ts'

const connections = 8
/** Decisions in a round; rounds alternate with the bare transaction, so that a busy moment falls on both. */
const decisions = Number(process.env.BENCH_DECISIONS ?? 1_000)
const rounds = 3
const openRuns = Number(process.env.BENCH_OPEN_RUNS ?? 100_000)
const endedRuns = Number(process.env.BENCH_ENDED_RUNS ?? 1_000_000)
const timers = 200
/** As many as the demo has: amounts are computed for each by itself. */
const partnerCount = 44

/** Approvals through the whole program beside a bare transaction; timers; inboxes among many runs. */
export async function benchFlows(): Promise<BenchFigure[]> {
  const database = await openBenchDatabase()
  const servers: ChildProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  try {
    const log = createLogger({ logLevel: 'silent' })
    const { services, close } = await composeServices(testConfig(database.url), { log })
    const world = await prepare(services)
    const url = await serve(servers, database.url)
    const get = (path: string) => ask(agent, url, world.manager, 'GET', path)
    const emptyInbox = await measure(200, 1, () => get('/api/v1/bench/tasks?limit=50'))

    const own: Run[] = []
    const bare: Run[] = []
    for (let round = 0; round < rounds; round++) {
      const tasks = await multiply(services, world, 'running', decisions)
      own.push(
        await measure(decisions, connections, (at) =>
          ask(agent, url, world.manager, 'POST', `/api/v1/bench/tasks/${tasks[at]}/decision`, {
            decision: 'approve',
            taskRev: 1,
            commandId: randomUUID(),
          }),
        ),
      )
      bare.push(await measureBare(database.url, decisions))
      await drained(services)
    }
    const best = (runs: readonly Run[]) => runs.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
    const [mine, limit] = [best(own), best(bare)]
    const late = await measureTimers(services, world)

    await multiply(services, { ...world, manager: world.others }, 'running', openRuns)
    await multiply(services, { ...world, manager: world.others }, 'approved', endedRuns)
    await services.owner.query('VACUUM ANALYZE')
    const fullInbox = await measure(200, 1, () => get('/api/v1/bench/tasks?limit=50'))
    await close()
    return [
      {
        ...figure('approval commands', mine.perSecond, '1/s', limit.perSecond),
        note: `${connections} connections over HTTP, history, effects and notifications included; beside a bare pg transaction that locks the run, updates it, inserts two rows and commits; best of ${rounds} rounds each`,
      },
      figure('approval command, p50', mine.p50, 'ms', limit.p50),
      figure('approval command, p99', mine.p99, 'ms', limit.p99),
      {
        ...figure('a timer starts after its time, p95', late, 'ms'),
        note: `${timers} timers spread over four seconds`,
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

interface World {
  readonly deals: DealWorkspace
  readonly manager: TestMember
  /** Somebody else, whose tasks fill the tables. */
  readonly others: TestMember
  /** Among whom the records are spread. */
  readonly partners: readonly string[]
  /** The record, run and task that all others are copies of. */
  readonly record: string
}

/** A case that waits for its manager, begun as anybody would. */
async function prepare(services: Services): Promise<World> {
  const deals = await createDealWorkspace(services, 'bench')
  const manager = await deals.join({ name: 'Bench Manager', roles: ['channel_manager'] })
  const others = await deals.join({ name: 'Other Manager', roles: ['channel_manager'] })
  const partners: string[] = []
  for (let at = 1; at <= partnerCount; at++)
    partners.push(
      await deals.seed('partner', {
        legal_name: `Bench ${at} Ltd`,
        type: 'reseller',
        status: 'active',
        channel_manager: manager.user,
      }),
    )
  const [partner] = partners
  const line = await deals.seed('product_line', { code: 'B', name: 'Bench' })
  const sales = await deals.join({ name: 'Bench Sales', roles: ['partner_sales'], partner })
  const app = createApp(services)
  const { server, port } = await listen(app, 0)
  try {
    const answer = await callAs(`http://127.0.0.1:${port}`, sales)(
      'POST',
      '/api/v1/bench/records/registration?form=registration_new',
      {
        body: {
          customer_name: 'Bench customer',
          product_line: line,
          amount: '1000.00',
          close_on: '2099-01-01',
          note: 'They have a budget and a date.',
        },
      },
    )
    if (answer.status !== 201) throw new Error(answer.text)
    await services.owner.query(
      `CREATE TABLE ws_bench.bare_run AS SELECT * FROM ws_bench.cw_run;
       ALTER TABLE ws_bench.bare_run ADD PRIMARY KEY (id);
       CREATE TABLE ws_bench.bare_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run uuid NOT NULL, data jsonb)`,
    )
    return { deals, manager, others, partners, record: answer.body.record.id }
  } finally {
    await stopListening(app, server, 1_000)
    await app.close()
  }
}

/** A record for each of `copies`, with a partner, name and number of its own: the latter are unique among open ones. */
async function copyRegistrations(
  client: pg.PoolClient,
  table: string,
  record: string,
  partners: readonly string[],
  columns: (name: string, without: readonly string[]) => Promise<string>,
): Promise<void> {
  const own = ['id', 'number', 'customer_name', 'customer_key', 'state', 'partner']
  const rest = await columns(table, own)
  await client.query(
    `INSERT INTO ${table} (${own.join(', ')}, ${rest})
     SELECT c.record, 'B-' || c.record, 'Copy ' || c.record, 'copy ' || c.record, 'submitted',
       ($2::uuid[])[1 + c.n % cardinality($2::uuid[])], ${rest}
     FROM ${table}, copies c WHERE id = $1`,
    [record, partners],
  )
}

/** So many copies of the case, straight into the tables; returns their tasks. */
async function multiply(
  { owner }: Services,
  { deals, manager, partners, record }: World,
  status: 'running' | 'approved',
  count: number,
): Promise<string[]> {
  const schema = deals.workspace.schema
  const table = `"${schema}"."${deals.served.tables.get('registration')!.table}"`
  const columns = async (name: string, without: readonly string[]) => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> ALL ($2)`,
      [name, without],
    )
    return rows.map((row) => `"${row.name}"`).join(', ')
  }
  const ended = status === 'approved'
  const client = await owner.connect()
  try {
    await client.query('BEGIN')
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`)
    await client.query(
      `CREATE TEMP TABLE copies ON COMMIT DROP AS SELECT n, gen_random_uuid() AS record, gen_random_uuid() AS run,
         gen_random_uuid() AS activation, gen_random_uuid() AS task FROM generate_series(1, $1::int) n`,
      [count],
    )
    // Ended ones share a record: a million more would measure how its constraints are kept.
    if (!ended) await copyRegistrations(client, table, record, partners, columns)
    const copy = async (name: string, id: string, changes: Readonly<Record<string, string>>) => {
      const from = `"${schema}".cw_${name}`
      const set = { id: `c.${id}`, ...changes }
      const rest = await columns(from, Object.keys(set))
      await client.query(
        `INSERT INTO ${from} (${Object.keys(set).join(', ')}, ${rest})
         SELECT ${Object.values(set).join(', ')}, ${rest
           .split(', ')
           .map((one) => `t.${one}`)
           .join(', ')}
         FROM ${from} t, copies c WHERE ${name === 'run' ? 't.record' : 't.run'} = ${
           name === 'run'
             ? '$1'
             : `(SELECT id FROM "${schema}".cw_run WHERE record = $1 AND status = 'running')`
         } AND t.${name === 'run' ? 'status' : name === 'task' ? 'state' : 'status'} IN ('running', 'pending', 'active')`,
        [record],
      )
    }
    const now = `now() - c.n * interval '1 second'`
    const ofRecord = ended ? `'${record}'::uuid` : 'c.record'
    await copy('run', 'run', {
      record: ofRecord,
      status: `'${status}'`,
      started_at: now,
      ended_at: ended ? 'now()' : 'NULL',
    })
    await copy('activation', 'activation', { run: 'c.run', seq: '0', status: ended ? `'done'` : `'active'` })
    await copy('task', 'task', {
      run: 'c.run',
      record: ofRecord,
      activation: 'c.activation',
      assignee: `'${manager.user}'`,
      state: ended ? `'approved'` : `'pending'`,
      created_at: now,
      decided_at: ended ? 'now()' : 'NULL',
      decided_by: ended ? `'${manager.user}'` : 'NULL',
    })
    await client.query(`ALTER TABLE ${table} ENABLE TRIGGER ALL`)
    await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER cw_history`)
    const { rows } = await client.query<{ task: string }>('SELECT task FROM copies LIMIT 100000')
    await client.query('COMMIT')
    return rows.map((row) => row.task)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
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
async function measureTimers(services: Services, world: World): Promise<number> {
  await multiply(services, world, 'running', timers)
  await services.owner.query(
    `WITH made AS (
       INSERT INTO ws_bench.cw_timer (id, run, activation, task, seq, kind, due_at, data, state)
       SELECT gen_random_uuid(), t.run, t.activation, t.id, 0, 'timeout', now() + interval '2 seconds' + random() * interval '4 seconds',
         '{}', 'open'
       FROM ws_bench.cw_task t WHERE t.state = 'pending' ORDER BY t.created_at DESC LIMIT ${timers} RETURNING id, due_at
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
