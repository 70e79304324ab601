import { readFileSync } from 'node:fs'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServices, type TestServices } from '../../tests/support/services.ts'
import { connectionsOf, countConnections, tellLackOfConnections } from './connections.ts'

const requests = 6
let world: TestServices
beforeAll(async () => {
  world = await openTestServices({ connections: requests })
})
afterAll(() => world?.close())

test('a server opens as many connections as it says, and no more', async () => {
  const { services } = world
  const { login, owner, queue } = services
  const most = connectionsOf(requests)
  const taken = await Promise.all(
    [login, owner, queue].flatMap((pool) => Array.from({ length: pool.options.max }, () => pool.connect())),
  )
  const { rows } = await taken
    .at(-1)!
    .query<{ count: string }>('SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()')
  for (const client of taken) client.release()
  // Those of signing in are opened when somebody does.
  expect(Number(rows[0]!.count)).toBe(countConnections(most) - most.identity)
})

test('the page for operators tells what servers need', () => {
  const page = readFileSync(new URL('../../docs/guide/operator.md', import.meta.url), 'utf8')
  const { requests, owner, queue, identity, notices } = connectionsOf(32)
  const one = countConnections({ requests, owner, queue, identity, notices })
  expect(page).toContain(
    `${one} connections: ${requests} for requests, ${owner} as the owner, ${queue} for jobs, ${identity} for signing in, ${notices}`,
  )
  for (const setting of [8, 16, 32, 64]) {
    const each = countConnections(connectionsOf(setting))
    const needs = [1, 2, 4].map((servers) => servers * each + 20).join(' | ')
    expect(page).toContain(`| ${setting} | ${each} | ${needs} |`)
  }
})

test('a database with too little room is told at start', async () => {
  const told: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => told.push(line) })
  const { owner } = world.services
  await tellLackOfConnections(owner, connectionsOf(4), log)
  expect(told).toEqual([])
  await tellLackOfConnections(owner, connectionsOf(100_000), log)
  expect(told.join('')).toContain('raise max_connections or lower CW_CONNECTIONS')
})
