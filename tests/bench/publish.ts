import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Services, Workspace } from '@channelwright/server/services.ts'
import { withClient } from '../support/database.ts'
import { testConfig } from '../support/services.ts'
import { fieldsOf, moneyField, putRow, textField, tinyPack } from '../support/tiny-pack.ts'
import { openBenchDatabase } from './database.ts'
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

/** How long writers are kept while each change is published on a large table, beside what they see without it. */
export async function benchPublish(
  rows = Number(process.env.BENCH_ROWS ?? 1_000_000),
): Promise<BenchFigure[]> {
  const database = await openBenchDatabase()
  try {
    const composed = await composeServices(testConfig(database.url), {
      connections: 16,
      log: createLogger({ logLevel: 'warn' }),
    })
    try {
      return await measure(composed.services, database.url, rows)
    } finally {
      const { installation, owner } = composed.services
      const { rows: roles } = await owner.query<{ rolname: string }>(
        'SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)',
        [`cw_${installation}_`],
      )
      await composed.close()
      await withClient(database.url, async (client) => {
        for (const role of roles) await client.query(`DROP OWNED BY ${client.escapeIdentifier(role.rolname)}`)
        for (const role of roles) await client.query(`DROP ROLE ${client.escapeIdentifier(role.rolname)}`)
      })
    }
  } finally {
    await database.close()
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
  const idle = await withWriters(url, orders, () => pause(5_000))
  const beside = await withWriters(url, orders, () => readAll(services, orders, 5_000))
  const figures: BenchFigure[] = [
    figure('write, 99 of 100, nothing published', idle.most99, 'ms'),
    figure('write, longest, nothing published', idle.longest, 'ms'),
    figure('write, 99 of 100, while somebody reads the whole table', beside.most99, 'ms'),
    {
      ...figure('write, longest, while somebody reads the whole table', beside.longest, 'ms'),
      note: 'what a busy processor and disk cost without any lock: nothing below can be better for long',
    },
  ]
  // Each publish builds on the one before, as an admin's would.
  const applied: ((definitions: Definitions) => void)[] = []
  for (const { name, change } of changes) {
    applied.push(change)
    const sources: DefinitionSource[] = tinyPack((d) => {
      for (const one of applied) one(d)
    })
    const stall = await withWriters(url, orders, () =>
      publishSources(services, workspace, sources, { confirmed: 'all' }),
    )
    const at = `publish on ${rows} rows, ${name}`
    figures.push(
      figure(`${at}: longest wait of a writer for a lock`, stall.waited, 'ms', limit),
      {
        ...figure(`${at}: longest write, whatever held it up`, stall.longest, 'ms', limit),
        note: `last seen waiting for: ${stall.by}`,
      },
      figure(`${at}: write, 99 of 100`, stall.most99, 'ms', idle.most99),
      { ...figure(`${at}: whole publish`, stall.seconds, 's'), note: `${stall.writes} writes meanwhile` },
    )
  }
  return figures
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** A report over all rows, again and again. */
async function readAll(services: Services, { table }: Orders, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds
  while (performance.now() < until)
    await services.owner.query(`SELECT note, count(*), max(code) FROM ${table} GROUP BY note ORDER BY 2 DESC`)
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
    // The rows are only there to be many; their history would take longer than the bench. Their ids grow, as the
    // program's own do.
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER cw_history`)
    for (let from = 1; from <= rows; from += 100_000)
      await client.query(
        `INSERT INTO ${table} (id, release, created_at, updated_at, org, code, note, amount)
         SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, now(), now(), $1, 'C' || n, 'note ' || n % 1000, CASE WHEN n % 20 > 0 THEN n END
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
  /** 99 of 100 writes took no longer, in milliseconds. */
  readonly most99: number
  readonly writes: number
  /** What the longest write was last seen waiting for, in the words of Postgres. */
  readonly by: string
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
    new Promise<Omit<Stall, 'seconds'>>((resolve, reject) => {
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
  const measured = await told('stopped')
  await worker.terminate()
  return { ...measured, seconds }
}

/** Plain JavaScript: threads know nothing of the loader that reads TypeScript. */
const writerCode = `
const { parentPort, workerData } = require('node:worker_threads')
const { randomUUID } = require('node:crypto')
const { url, pgPath, table, org, ids } = workerData
const pg = require(pgPath)
let stopped = false, writes = 0, waited = 0
const took = []
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
    if (++writes > 20) took.push(performance.now() - begun)
    if (writes === 40) parentPort.postMessage({ what: 'writing' })
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await client.end()
}
let held = 0, by = 'nothing'
async function watch() {
  const client = new pg.Client(url)
  await client.connect()
  while (!stopped) {
    const { rows } = await client.query(
      "SELECT coalesce(wait_event_type || ' ' || wait_event, 'a processor') AS by, wait_event_type = 'Lock' AS lock, " +
      "extract(epoch FROM clock_timestamp() - query_start)::float8 * 1000 AS ms, " +
      "(SELECT max(extract(epoch FROM clock_timestamp() - waitstart) * 1000)::float8 FROM pg_locks l WHERE NOT granted AND l.pid = a.pid) AS waited " +
      "FROM pg_stat_activity a WHERE state = 'active' AND pid = ANY ($1::int[])", [pids])
    for (const row of rows) {
      waited = Math.max(waited, row.waited ?? 0)
      if (row.ms > held) { held = row.ms; by = row.by }
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await client.end()
}
Promise.all([write(0), write(1), watch()]).then(() => {
  took.sort((a, b) => a - b)
  const most99 = took[Math.floor(took.length * 0.99)]
  parentPort.postMessage({ what: 'stopped', longest: took.at(-1), most99, writes: took.length, waited, by })
})
`
