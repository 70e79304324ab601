import { createActor } from '@channelwright/server/auth/people.ts'
import type { Unit } from '@channelwright/server/db/unit.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { listTasks } from '@channelwright/server/flows/tasks.ts'
import { readEarnings } from '@channelwright/server/incentives/earnings.ts'
import { explainLedgerEntry } from '@channelwright/server/incentives/explain-entry.ts'
import { listLedger } from '@channelwright/server/incentives/ledger.ts'
import { demoKey, loadDemo } from '@channelwright/server/packs/load-demo.ts'
import { listHistory } from '@channelwright/server/records/list-history.ts'
import { listRecords } from '@channelwright/server/records/list-records.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFakeClock } from '../support/clock.ts'
import { openTestServices, type TestServices } from '../support/services.ts'

let test: TestServices
let accounts: Awaited<ReturnType<typeof loadDemo>>
beforeAll(async () => {
  test = await openTestServices({ clock: createFakeClock('2026-11-22T04:00:00.000Z') })
  accounts = await loadDemo(test.services)
}, 120_000)
afterAll(() => test.close())

async function as<T>(email: string, work: (unit: Unit) => Promise<T>): Promise<T> {
  const { services } = test
  const served = (await services.releases.current(demoKey))!
  const { rows } = await services.owner.query(
    `SELECT u.id AS user, u.name, u.email, u.locale, m.roles, m.partner FROM channelwright."user" u
     JOIN channelwright.membership m ON m.user_id = u.id WHERE u.email = $1`,
    [email],
  )
  const { roles, partner, ...person } = rows[0]
  return inUnit(services, served, await createActor(services, served, person, roles, partner), work)
}

it('has an account for each role, and makes nothing twice', async () => {
  expect(accounts.map((account) => account.email)).toEqual(
    ['admin', 'manager', 'director', 'finance', 'partner', 'sales'].map((key) => `${key}@demo.example`),
  )
  const count = () => test.services.owner.query('SELECT count(*)::int AS n FROM ws_demo.cw_history')
  const before = (await count()).rows[0].n
  expect(await loadDemo(test.services)).toEqual(accounts)
  expect((await count()).rows[0].n).toBe(before)
})

it('holds at least 40 partners, 200 users and 2,000 registrations of the last twelve months', async () => {
  await as('manager@demo.example', async (unit) => {
    const partners = await listRecords(unit, 'partner', { count: true, limit: 200 })
    expect(partners.count?.value).toBeGreaterThanOrEqual(40)
    expect(partners.records.some((record) => record.parent)).toBe(true)
    const newest = await listRecords(unit, 'registration', { count: true, sort: '-submitted_at', limit: 1 })
    expect(newest.count?.value).toBeGreaterThanOrEqual(2000)
    expect(newest.records[0]?.submitted_at).toMatch(/^2026-11-2/)
    const oldest = await listRecords(unit, 'registration', { sort: 'submitted_at', limit: 1 })
    expect(String(oldest.records[0]?.submitted_at) >= '2025-11-20').toBe(true)
  })
  const { rows } = await test.services.owner.query('SELECT count(*)::int AS n FROM channelwright.membership')
  expect(rows[0].n).toBeGreaterThanOrEqual(200)
})

it('has open tasks, decided cases with history, and amounts that can be explained', async () => {
  const tasks = await as('manager@demo.example', (unit) => listTasks(unit, {}))
  expect(tasks.tasks.length).toBeGreaterThan(0)
  await as('sales@demo.example', async (unit) => {
    const page = await listRecords(unit, 'registration', {
      filter: { '==': [{ var: 'state' }, 'won'] },
      limit: 5,
    })
    expect(page.records.length).toBeGreaterThan(0)
    const history = await listHistory(unit, 'registration', page.records[0]!.id, {})
    expect(history.entries.map((entry) => entry.action)).toEqual(['update', 'update', 'create'])
    expect(history.entries[0]!.at > history.entries[2]!.at).toBe(true)
    const earnings = await readEarnings(unit)
    expect(Number(earnings.plans[0]?.total)).toBeGreaterThan(0)
    expect(earnings.plans[0]?.current.from).toBe('2026-10-01')
    const ledger = await listLedger(unit, { limit: 5 })
    for (const entry of ledger.entries) {
      const explanation = await explainLedgerEntry(unit, entry.id)
      expect(explanation.records.length).toBeGreaterThan(0)
      expect(explanation.hidden).toBe(0)
    }
  })
})
