import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import { startEmbedded } from '@channelwright/server/db/embedded.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Services, Workspace } from '@channelwright/server/services.ts'
import { withClient } from '../support/database.ts'
import { testConfig } from '../support/services.ts'
import { fieldsOf, moneyField, putRow, textField, tinyPack } from '../support/tiny-pack.ts'
import { type BenchFigure, figure } from './figure.ts'

type Definitions = Parameters<NonNullable<Parameters<typeof tinyPack>[0]>>[0]

/** No writer waits longer for any of these. */
const limit = 100

const message = { en: 'Taken.', zh: '已占用。' }
const changes: { name: string; change: (definitions: Definitions) => void }[] = [
  {
    name: 'add a field',
    change: (d) => (fieldsOf(d, 'objects/order.json').extra = textField('f_extra', 'Extra')),
  },
  {
    name: 'add a required field with a default',
    change(d) {
      fieldsOf(d, 'objects/order.json').grade = textField('f_grade', 'Grade', { default: 'A' })
      ;(d['objects/order.json']!.schema as { required: string[] }).required.push('grade')
    },
  },
  {
    name: 'make a field required with a default',
    change(d) {
      fieldsOf(d, 'objects/order.json').amount = moneyField('f_amount', 'Amount', { default: '1.00' })
      ;(d['objects/order.json']!.schema as { required: string[] }).required.push('amount')
    },
  },
  {
    name: 'add an index',
    change: (d) =>
      (d['objects/order.json']!.indexes as unknown[]).push({ 'x-id': 'i_note', fields: ['note'] }),
  },
  {
    name: 'add a unique constraint',
    change: (d) => (d['objects/order.json']!.unique = [{ 'x-id': 'u_code', fields: ['code'], message }]),
  },
]

/** The longest that a writer waits while each change is published on a large table. */
export async function benchPublish(
  rows = Number(process.env.CW_BENCH_ROWS ?? 1_000_000),
): Promise<BenchFigure[]> {
  const run = randomBytes(4).toString('hex')
  const dir = join(tmpdir(), `cw-bench-${run}`)
  const given = process.env.TEST_DATABASE_URL
  const embedded = given ? null : await startEmbedded({ dir, password: run, disposable: true })
  const server = given ?? embedded!.url
  const name = `cw_bench_${run}`
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  const composed = await composeServices(testConfig(url.href), {
    connections: 16,
    log: createLogger({ logLevel: 'warn' }),
  })
  try {
    return await measure(composed.services, url.href, rows)
  } finally {
    const { installation } = composed.services
    await composed.close()
    await withClient(server, async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      const { rows: roles } = await client.query<{ rolname: string }>(
        'SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)',
        [`cw_${installation}_`],
      )
      for (const role of roles) await client.query(`DROP ROLE ${client.escapeIdentifier(role.rolname)}`)
    })
    await embedded?.stop()
    if (embedded) await rm(dir, { recursive: true, force: true })
  }
}

async function measure(services: Services, url: string, rows: number): Promise<BenchFigure[]> {
  const workspace = await createWorkspace(services, {
    key: 'bench',
    title: { en: 'Bench', zh: '测试' },
    timeZone: 'UTC',
  })
  await publishSources(services, workspace, tinyPack())
  const orders = await fillOrders(services, workspace, rows)
  const figures: BenchFigure[] = []
  // Each publish builds on the one before, as an admin's would.
  const applied: ((definitions: Definitions) => void)[] = []
  const idle = await withWriters(url, orders, () => new Promise((resolve) => setTimeout(resolve, 3_000)))
  figures.push(figure('write, longest of any, nothing published', idle.longest, 'ms'))
  for (const { name, change } of changes) {
    applied.push(change)
    const sources: DefinitionSource[] = tinyPack((d) => {
      for (const one of applied) one(d)
    })
    const { longest, waited, seconds } = await withWriters(url, orders, () =>
      publishSources(services, workspace, sources),
    )
    figures.push(
      figure(`publish on ${rows} rows, ${name}: longest wait of a writer for a lock`, waited, 'ms', limit),
      figure(`publish on ${rows} rows, ${name}: longest write, whatever held it up`, longest, 'ms'),
      figure(`publish on ${rows} rows, ${name}: whole publish`, seconds, 's'),
    )
  }
  return figures
}

interface Orders {
  readonly table: string
  readonly org: string
  readonly ids: readonly string[]
}

async function fillOrders(services: Services, workspace: Workspace, rows: number): Promise<Orders> {
  const org = await putRow(services, workspace, 'org', { name: 'One' })
  const table = `"${workspace.schema}"."order"`
  const client = await services.owner.connect()
  try {
    // The rows are only there to be many; their history would take longer than the bench.
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER cw_history`)
    for (let from = 1; from <= rows; from += 100_000)
      await client.query(
        `INSERT INTO ${table} (id, release, created_at, updated_at, org, code, note, amount)
         SELECT gen_random_uuid(), 1, now(), now(), $1, 'C' || n, 'note ' || n % 1000, CASE WHEN n % 20 > 0 THEN n END
         FROM generate_series($2::int, $3::int) n`,
        [org, from, Math.min(from + 99_999, rows)],
      )
    await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER cw_history`)
    await client.query(`VACUUM ANALYZE ${table}`)
    const { rows: some } = await client.query<{ id: string }>(
      `SELECT id FROM ${table} TABLESAMPLE SYSTEM (5) LIMIT 2000`,
    )
    return { table, org, ids: some.map((row) => row.id) }
  } finally {
    client.release()
  }
}

interface Stall {
  /** Of a write, in milliseconds: waiting for locks, for the disk, for a processor. */
  readonly longest: number
  /** For a lock alone, in milliseconds, as Postgres tells it. */
  readonly waited: number
  readonly seconds: number
}

/**
 * Two writers that update old rows and insert new ones, one write after the other, while `work` runs. They have a
 * thread of their own: what is measured is how long Postgres keeps them, not how busy this process is.
 */
async function withWriters(url: string, orders: Orders, work: () => Promise<unknown>): Promise<Stall> {
  const pgPath = createRequire(import.meta.url).resolve('pg')
  const worker = new Worker(writerCode, { eval: true, workerData: { url, pgPath, ...orders } })
  const told = (wanted: string) =>
    new Promise<{ longest: number; waited: number }>((resolve, reject) => {
      worker.on('message', (message) => message.what === wanted && resolve(message))
      worker.once('error', reject)
    })
  await told('writing')
  const begun = performance.now()
  try {
    await work()
  } finally {
    worker.postMessage('stop')
  }
  const seconds = (performance.now() - begun) / 1000
  const { longest, waited } = await told('stopped')
  await worker.terminate()
  return { longest, waited, seconds }
}

/** Plain JavaScript: threads know nothing of the loader that reads TypeScript. */
const writerCode = `
const { parentPort, workerData } = require('node:worker_threads')
const { randomUUID } = require('node:crypto')
const { url, pgPath, table, org, ids } = workerData
const pg = require(pgPath)
let stopped = false, longest = 0, writes = 0, waited = 0
const pids = []
parentPort.on('message', () => { stopped = true })
async function write(seed) {
  const client = new pg.Client(url)
  await client.connect()
  pids.push((await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid)
  for (let n = seed; !stopped; n += 2) {
    const begun = performance.now()
    if (n % 3) await client.query('UPDATE ' + table + ' SET note = $2, rev = rev + 1 WHERE id = $1', [ids[n % ids.length], 'n ' + n])
    else await client.query(
      'INSERT INTO ' + table + " (id, release, created_at, updated_at, org, code, note, amount) VALUES ($1, 1, now(), now(), $2, $3, 'new', 5)",
      [randomUUID(), org, 'N' + randomUUID()])
    if (writes > 20) longest = Math.max(longest, performance.now() - begun)
    if (++writes === 40) parentPort.postMessage({ what: 'writing' })
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await client.end()
}
async function watch() {
  const client = new pg.Client(url)
  await client.connect()
  while (!stopped) {
    const { rows } = await client.query(
      "SELECT max(extract(epoch FROM clock_timestamp() - waitstart) * 1000)::float8 AS ms FROM pg_locks WHERE NOT granted AND pid = ANY ($1::int[])", [pids])
    waited = Math.max(waited, rows[0].ms ?? 0)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await client.end()
}
Promise.all([write(0), write(1), watch()]).then(() => parentPort.postMessage({ what: 'stopped', longest, waited }))
`
