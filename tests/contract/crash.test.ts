import { pause } from '@channelwright/server/db/failures.ts'
import { failpoints } from '@channelwright/server/jobs/failpoint.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { crashStories, moreCrashStories, tellCrashStories } from '../support/crash-stories.ts'
import {
  type CrashWorld,
  give,
  growthOfRecord,
  onTask,
  openCrashWorld,
  openTasks,
  submitErrand,
  until,
  untilSettled,
} from '../support/crash-world.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { findBrokenRows } from '../support/flow-rows-invariants.ts'

// The real server process is killed at named places (`jobs/failpoint.ts`), as a power cut would; another one must
// bring what was under way to its end, once. The quick part of the battery; all of it is `npm run chaos`.

let database: TestDatabase
let world: CrashWorld

beforeAll(async () => {
  database = await openTestDatabase()
  world = await openCrashWorld(database.url)
}, 120_000)

afterAll(async () => {
  await world?.close()
  await database?.close()
})

test('every named place has a story', () => {
  const told = new Set([...crashStories, ...moreCrashStories].map(({ place }) => place.split(':')[0]))
  expect([...failpoints].filter((place) => !told.has(place))).toEqual([])
})

describe('a server that is killed', () => {
  test('at any named place: another one brings everything to its end, once', async () => {
    const { kills, rows, broken } = await tellCrashStories(world, crashStories)
    expect(broken).toEqual([])
    expect(kills).toBe(crashStories.length)
    expect(rows.runs).toBeGreaterThan(crashStories.length)
  }, 600_000)

  test('every connection to the database is cut: the same server goes on by itself', async () => {
    const server = await world.start()
    const records: string[] = []
    for (let times = 0; times < 3; times++) {
      const { body } = await give(server.url, submitErrand(world, 'plain'))
      const record: string = body.record.id
      const [task] = await openTasks(world, record)
      const answer = await give(
        server.url,
        onTask(world, world.cast.lead, task!, 'decision', { decision: 'approve' }),
      )
      expect(answer.status, answer.text).toBe(200)
      await world.ask(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'channelwright%'`,
      )
      records.push(record)
    }
    await untilSettled(world, 30_000)
    for (const record of records) expect(await growthOfRecord(world, record)).toBe(1)
    expect((await findBrokenRows(world.composed.services, world.cast.key, { settled: true })).broken).toEqual(
      [],
    )
    expect(await server.stop()).toBeNull()
  }, 300_000)
})

describe('a clock that jumps', () => {
  test('an hour back: what is due waits for it without a storm of tries, and happens once', async () => {
    const server = await world.start()
    server.shiftClock(-3_600_000)
    const due = new Date(Date.now() + 500).toISOString()
    const { body } = await give(server.url, submitErrand(world, 'late', { due }))
    const before = await jobsSoFar()
    await pause(4_000)
    expect((await jobsSoFar()) - before).toBeLessThan(5)
    expect(await growthOfRecord(world, body.record.id)).toBe(0)
    server.shiftClock(0)
    await until(async () => (await growthOfRecord(world, body.record.id)) > 0, 30_000)
    await untilSettled(world, 30_000)
    expect(await growthOfRecord(world, body.record.id)).toBe(1)
    expect(await server.stop()).toBeNull()
  }, 120_000)

  test('an hour ahead: what waits for longer than that still waits', async () => {
    const server = await world.start()
    const due = new Date(Date.now() + 2 * 3_600_000).toISOString()
    const { body } = await give(server.url, submitErrand(world, 'late', { due }))
    server.shiftClock(3_600_000)
    const late = await give(server.url, submitErrand(world, 'late', { due: new Date().toISOString() }))
    await untilSettled(world, 30_000)
    expect(await growthOfRecord(world, body.record.id)).toBe(0)
    expect(await growthOfRecord(world, late.body.record.id)).toBe(1)
    expect((await findBrokenRows(world.composed.services, world.cast.key)).broken).toEqual([])
    expect(await server.stop()).toBeNull()
  }, 120_000)
})

/** How many jobs were ever added: it only grows. */
async function jobsSoFar(): Promise<number> {
  const [row] = await world.ask<{ last: string }>(
    `SELECT last_value AS last FROM pg_sequences WHERE schemaname = 'channelwright_jobs' AND sequencename LIKE '%jobs_id%'`,
  )
  return Number(row?.last)
}
