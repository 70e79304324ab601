import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import type { Services } from '@channelwright/server/services.ts'
import autocannon from 'autocannon'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import type { TestMember } from '../support/members.ts'
import { testSecret } from '../support/secret.ts'
import { testConfig } from '../support/services.ts'
import { openBenchDatabase } from './database.ts'
import { type BenchFigure, figure } from './figure.ts'
import { registrationFields } from './registration-fields.ts'

const connections = 32
/** Rounds alternate between the two servers, so that a busy moment of the machine falls on both. */
const rounds = 3
const seconds = 4
const rowCount = Number(process.env.BENCH_ROWS ?? 1_000_000)

/** Records through the whole program, each beside the same by hand through express and pg. */
export async function benchRecords(): Promise<BenchFigure[]> {
  const database = await openBenchDatabase()
  const servers: ChildProcess[] = []
  try {
    const log = createLogger({ logLevel: 'silent' })
    const { services, close } = await composeServices(testConfig(database.url), { log })
    const world = await prepare(services)
    await close()
    const { schema } = world.deals.workspace
    const own = await serve(servers, [place('own-program.mjs')], {
      PORT: '0',
      DATABASE_URL: database.url,
      CW_SECRET: testSecret,
      CW_LOG_LEVEL: 'silent',
    })
    const { partner } = world
    const settings = { url: database.url, schema, partner, secret: testSecret, fields: registrationFields }
    const bare = await serve(servers, [place('bare-server.mjs'), JSON.stringify(settings)])
    const headers = { cookie: world.member.cookie }
    const ownWrite = { url: own, ...ownCreate(world) }
    return [
      {
        ...(await compare('create a record', ownWrite, { url: bare, ...bareCreate(world, '/contact') })),
        note: 'beside one insert of the same columns, same indexes and foreign key; session checked, values and history not',
      },
      {
        ...(await compare('create a record, beside the same checks', ownWrite, {
          url: bare,
          ...bareCreate(world, '/checked-contact'),
        })),
        note: 'beside one statement that asks for the partner and inserts record and history row; session and values checked by hand',
      },
      {
        ...(await compare(
          'list 50 of many',
          { url: own, ...ownList(world) },
          { url: bare, path: '/registration?state=lost', headers },
        )),
        note: `${rowCount} rows; beside one prepared statement with the partner in its WHERE, session checked`,
      },
      {
        ...(await compare(
          'read a record',
          { url: own, ...ownRead(world, `&fields=${registrationFields.join(',')}`) },
          { url: bare, path: `/registration/${world.record}`, headers },
        )),
        note: 'the same columns; beside one prepared statement with the partner in its WHERE, session checked',
      },
      {
        ...(await compare(
          'read a record with its lines',
          { url: own, ...ownRead(world, '') },
          { url: bare, path: `/registration-with-items/${world.record}`, headers },
        )),
        note: 'beside one prepared statement that gathers the lines in a sub-select',
      },
    ]
  } finally {
    for (const server of servers) server.kill()
    await database.close()
  }
}

interface World {
  readonly deals: DealWorkspace
  readonly partner: string
  readonly member: TestMember
  /** A registration of the partner. */
  readonly record: string
}

async function prepare(services: Services): Promise<World> {
  const deals = await createDealWorkspace(services, 'bench')
  const { schema } = deals.workspace
  const partner = await deals.seed('partner', { legal_name: 'Bench 00', type: 'reseller', status: 'active' })
  for (let i = 1; i < 40; i++)
    await deals.seed('partner', { legal_name: `Bench ${i}`, type: 'reseller', status: 'active' })
  await deals.seed('product_line', { code: 'B', name: 'Bench' })
  const member = await deals.join({ name: 'Bench Admin', roles: ['partner_admin'], partner })
  const { owner } = services
  await owner.query(`CREATE TABLE "${schema}".bare_contact (LIKE "${schema}".contact INCLUDING ALL);
    ALTER TABLE "${schema}".bare_contact ADD FOREIGN KEY (partner) REFERENCES "${schema}".partner (id);
    CREATE TABLE "${schema}".bare_history (LIKE "${schema}".cw_history INCLUDING ALL)`)
  // Straight into the table: a million writes through the program would measure something else.
  await owner.query(`ALTER TABLE "${schema}".registration DISABLE TRIGGER cw_history`)
  await owner.query(
    `INSERT INTO "${schema}".registration (id, rev, release, created_at, updated_at, number, partner, customer_name,
       customer_key, product_line, amount, close_on, state, submitted_at)
     SELECT gen_random_uuid(), 1, 1, at, at, 'DR-' || n, p.ids[1 + n % 40], 'Customer ' || n, 'customer ' || n, l.id,
       (n % 1000000) + 0.5, date '2026-01-01' + (n % 365), (ARRAY['draft', 'lost', 'lapsed', 'rejected'])[1 + n / 40 % 4], at
     FROM generate_series(1, $1::int) n,
       LATERAL (SELECT timestamptz '2024-01-01' + n * interval '1 minute' AS at) moment,
       (SELECT array_agg(id ORDER BY id) AS ids FROM "${schema}".partner) p,
       (SELECT id FROM "${schema}".product_line LIMIT 1) l`,
    [rowCount],
  )
  await owner.query(`ALTER TABLE "${schema}".registration ENABLE ALWAYS TRIGGER cw_history`)
  await owner.query(`VACUUM ANALYZE "${schema}".registration`)
  const { rows } = await owner.query<{ id: string }>(
    `SELECT id FROM "${schema}".registration WHERE partner = $1 LIMIT 1`,
    [partner],
  )
  return { deals, partner, member, record: rows[0]!.id }
}

interface Load {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}

const contact = {
  name: '陈晓明',
  job: 'sales',
  phone: '13800138000',
  email: 'chen@example.test',
  languages: ['zh', 'en'],
  decision_maker: true,
}
const jsonType = { 'content-type': 'application/json' }

function ownCreate({ member, partner }: World): Load {
  return {
    path: '/api/v1/bench/records/contact',
    method: 'POST',
    headers: { ...jsonType, cookie: member.cookie },
    body: JSON.stringify({ partner, ...contact }),
  }
}

function bareCreate({ member, partner }: World, path: string): Load {
  return {
    path,
    method: 'POST',
    headers: { ...jsonType, cookie: member.cookie },
    body: JSON.stringify({ partner, ...contact }),
  }
}

function ownList({ member }: World): Load {
  const filter = encodeURIComponent(JSON.stringify({ '==': [{ var: 'state' }, 'lost'] }))
  return {
    path: `/api/v1/bench/records/registration?filter=${filter}&sort=-submitted_at&limit=50`,
    headers: { cookie: member.cookie },
  }
}

function ownRead({ member, record }: World, more: string): Load {
  return {
    path: `/api/v1/bench/records/registration/${record}?expand=${more}`,
    headers: { cookie: member.cookie },
  }
}

async function compare(
  name: string,
  own: Load & { url: string },
  bare: Load & { url: string },
): Promise<BenchFigure> {
  const measured: { own: number[]; bare: number[] } = { own: [], bare: [] }
  // The first seconds of a route are its compiling.
  await run(own, 3)
  await run(bare, 3)
  for (let round = 0; round < rounds; round++) {
    measured.bare.push(await run(bare, seconds))
    measured.own.push(await run(own, seconds))
  }
  return figure(name, median(measured.own), 'requests/s', median(measured.bare))
}

async function run({ url, path, ...load }: Load & { url: string }, duration: number): Promise<number> {
  const result = await autocannon({ url: url + path, ...load, connections, duration })
  const bad = result.non2xx + result.errors
  if (bad)
    throw new Error(`${bad} of the requests to ${path} failed: ${JSON.stringify(result.statusCodeStats)}`)
  return result.requests.average
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function place(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

/** Starts a server and answers with its address once it has printed it. */
async function serve(
  servers: ChildProcess[],
  command: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', ...settings },
  })
  servers.push(child)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code} before it listened`)))
    child.stdout.on('data', (text: Buffer) => {
      const port = /(?:port |localhost:)(\d+)/.exec(String(text))?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
  })
}
