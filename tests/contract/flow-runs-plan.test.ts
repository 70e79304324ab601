import type { JsonObject } from '@channelwright/runtime/json.ts'
import { createActor } from '@channelwright/server/auth/people.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { listRuns, type RunQuery } from '@channelwright/server/flows/list-runs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Actor, ServedRelease } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addMember } from '../support/members.ts'
import { openTestServices, type TestServices } from '../support/services.ts'
import { putRow, tinyPack } from '../support/tiny-pack.ts'

// The list of cases that administrators see is read by indexes, however many cases there are: whichever filter is set
// never reads all of them, and sorts nothing.

let test: TestServices
let served: ServedRelease
let chief: Actor

const people: Record<string, string> = {}

/** Open cases, as many again ended, in two flows of which one is rare; one in 200 stuck, one in 20 late. */
const cases = 10_000

beforeAll(async () => {
  test = await openTestServices()
  const { services } = test
  const title = { en: 'Plans', zh: 'Plans' }
  const workspace = await createWorkspace(services, { key: 'plans', title, timeZone: 'UTC' })
  const pack = tinyPack((all) => {
    const chief = all['grants/chief.json'] as { platform: string[] }
    chief.platform.push('administer_flows')
    for (const key of ['usual', 'rare'])
      all[`flows/${key}.json`] = {
        kind: 'flow/1',
        key,
        'x-id': `w_${key}`,
        title,
        object: 'order',
        trigger: { type: 'record', when: false },
        settings: { withdraw: 'never' },
        nodes: [
          { 'x-id': 'n_start', type: 'start', title },
          { 'x-id': 'n_end', type: 'end', title, outcome: 'approved' },
        ],
        edges: [{ 'x-id': 'e1', from: 'n_start', to: 'n_end' }],
      } as JsonObject
  })
  await publishSources(services, workspace, pack)
  served = (await services.releases.current('plans'))!
  const person = { user: services.ids.next(), name: 'Chief', email: 'c@example.test', locale: 'en' } as const
  chief = await createActor(services, served, person, ['chief'], null)
  for (const name of ['Busy Bee', 'Ann Seldom', 'Wally Waits', 'Nora Never'])
    people[name] = (await addMember(services, workspace, { name, roles: ['chief'] })).user
  await services.owner.query(
    `WITH made AS (
       INSERT INTO ws_plans.cw_run (id, flow, release, object, record, applicant, status, stuck, rev, started_at, ended_at)
       SELECT gen_random_uuid(), CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'usual' END, 1, 'order', gen_random_uuid(),
         CASE WHEN n % 5000 = 4990 THEN $4::uuid ELSE $1 END, CASE WHEN n > $2 THEN 'approved' WHEN n % 200 = 1 THEN 'incident' WHEN n % 50 = 0 THEN 'suspended'
           ELSE 'running' END, n <= $2 AND n % 200 = 1, 1, $3::timestamptz - n * interval '1 minute', CASE WHEN n > $2 THEN $3::timestamptz END
       FROM generate_series(1, 2 * $2) n RETURNING id, status, started_at
     ), steps AS (
       INSERT INTO ws_plans.cw_activation (id, run, seq, node, status, entered_at, state)
       SELECT gen_random_uuid(), id, 0, 'n_ask', 'active', started_at, '{}' FROM made WHERE status IN ('running', 'incident')
       RETURNING id, run, entered_at
     )
     INSERT INTO ws_plans.cw_task (id, run, activation, seq, flow, release, object, record, node, assignee, state, rev,
       created_at, due_at)
     SELECT gen_random_uuid(), run, id, 0, 'usual', 1, 'order', run, 'n_ask', $1, 'pending', 1, entered_at,
       CASE WHEN random() < 0.05 THEN $3::timestamptz - interval '1 hour' ELSE $3::timestamptz + interval '1 day' END
     FROM steps`,
    [people['Busy Bee'], cases, services.clock.now(), people['Ann Seldom']],
  )
  await services.owner.query(
    `UPDATE ws_plans.cw_task SET assignee = $1 WHERE run IN
       (SELECT id FROM ws_plans.cw_run WHERE status = 'running' ORDER BY started_at OFFSET 100 LIMIT 3)`,
    [people['Wally Waits']],
  )
  // Their records: half are called much the same, one in 2,000 is a needle.
  const org = await putRow(services, workspace, 'org', { name: 'One' })
  await services.owner.query('ALTER TABLE ws_plans."order" DISABLE TRIGGER cw_history')
  await services.owner.query(
    `INSERT INTO ws_plans."order" (id, release, created_at, updated_at, org, note, code)
     SELECT record, 1, now(), now(), $1, repeat('As long as records are. ', 20), CASE WHEN n % 2000 = 7 THEN 'Needle ' WHEN n % 2 = 0 THEN 'Straw ' ELSE 'Hay ' END || n
     FROM (SELECT record, row_number() OVER (ORDER BY started_at DESC) AS n FROM ws_plans.cw_run) r`,
    [org],
  )
  await services.owner.query(
    'ANALYZE ws_plans.cw_run, ws_plans.cw_task, ws_plans.cw_activation, ws_plans."order"',
  )
  await services.owner.query('VACUUM ws_plans.cw_run, ws_plans.cw_task, ws_plans."order"')
}, 120_000)

afterAll(() => test?.close())

/** The plans of everything that a page of the list asks, with how many rows were looked at. */
async function plansOf(query: RunQuery): Promise<string[]> {
  return inUnit(test.services, served, chief, async (unit) => {
    const asked: { text: string; values: readonly unknown[]; byEngine: boolean }[] = []
    let byEngine = false
    const spy: Unit = {
      ...unit,
      query: (text, values = []) => {
        asked.push({ text, values, byEngine })
        return unit.query(text, values)
      },
      asEngine: (work) =>
        unit.asEngine(async () => {
          byEngine = true
          const done = await work()
          byEngine = false
          return done
        }),
    }
    const page = await listRuns(spy, query)
    expect(page.runs.length).toBeLessThanOrEqual(50)
    const plans: string[] = []
    for (const { text, values, byEngine } of asked) {
      const explain = () =>
        unit.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${text}`, values)
      const rows = await (byEngine ? unit.asEngine(explain) : explain())
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    return plans
  })
}

const queries: Record<string, RunQuery> = {
  'nothing is asked for': {},
  'stuck ones': { state: 'stuck' },
  'late ones': { state: 'late' },
  'open ones': { state: 'open' },
  'ended ones': { state: 'closed' },
  'one status': { status: 'suspended' },
  'a flow': { flow: 'usual' },
  'a rare flow': { flow: 'rare' },
  'a rare flow, open': { flow: 'rare', state: 'open' },
  'a rare flow, ended': { flow: 'rare', state: 'closed' },
  'a name that nothing has': { search: 'nothing' },
  'a name that many have': { search: 'straw' },
  'a name that few have': { search: 'needle' },
  'a name that few have, ended': { search: 'needle', state: 'closed' },
  'a name that few have, in a rare flow': { search: 'needle', flow: 'rare' },
  'who applied for most': { search: 'busy bee' },
  'who applied for most, late ones': { search: 'busy bee', state: 'late' },
  'who applied for most, in a rare flow': { search: 'busy bee', flow: 'rare' },
  'who applied for few': { search: 'seldom' },
  'who applied for few, open': { search: 'seldom', state: 'open' },
  'who applied for few, ended': { search: 'seldom', state: 'closed' },
  'who is waited for': { search: 'wally', state: 'open' },
  'who has nothing to do with any': { search: 'nora' },
}

describe('the list of all cases', () => {
  for (const [what, query] of Object.entries(queries))
    it(`is read by indexes when it is asked for: ${what}`, async () => {
      const plans = await plansOf(query)
      for (const plan of plans) {
        expect(plan).not.toMatch(/Seq Scan on "?(cw_(run|task|activation)|order)"?/)
        // An index that is read from its beginning to its end is none.
        expect(plan).not.toMatch(/Removed by (Filter|Join Filter): \d{4,}/)
      }
    })

  it('finds by name what is called so, wherever it stands in the list', async () => {
    const found = await inUnit(test.services, served, chief, async (unit) => {
      const page = async (query: RunQuery) => (await listRuns(unit, query)).runs.map(({ title }) => title)
      return {
        needles: await page({ search: 'NEEDLE' }),
        ended: await page({ search: 'needle', state: 'closed' }),
        many: await page({ search: 'straw', limit: 3, state: 'closed' }),
        letter: await page({ search: '%' }),
      }
    })
    expect([...found.needles].sort()).toEqual(
      [7, 2007, 4007, 6007, 8007, 10007, 12007, 14007, 16007, 18007].map((n) => `Needle ${n}`).sort(),
    )
    expect(found.ended).toEqual([10007, 12007, 14007, 16007, 18007].map((n) => `Needle ${n}`))
    expect(found.many).toEqual(['Straw 10002', 'Straw 10004', 'Straw 10006'])
    expect(found.letter).toEqual([])
  })

  it('finds by the names of those who applied and of those who are waited for', async () => {
    const found = await inUnit(test.services, served, chief, async (unit) => {
      const page = async (query: RunQuery) => (await listRuns(unit, query)).runs
      return {
        applied: await page({ search: 'ann SELDOM' }),
        open: await page({ search: 'ann', state: 'open' }),
        ended: await page({ search: 'ann', state: 'closed' }),
        most: await page({ search: 'busy', limit: 3, state: 'closed' }),
        waiting: await page({ search: 'Waits' }),
        over: await page({ search: 'Waits', state: 'closed' }),
        never: await page({ search: 'Nora' }),
      }
    })
    expect(found.applied.map(({ applicant }) => applicant.name)).toEqual(Array(4).fill('Ann Seldom'))
    expect([found.open.length, found.ended.length, found.most.length]).toEqual([2, 2, 3])
    expect(found.waiting.map(({ waiting_for: [who] }) => who?.name)).toEqual(Array(3).fill('Wally Waits'))
    expect([...found.over, ...found.never]).toEqual([])
  })

  it('counts what its lists hold', async () => {
    await inUnit(test.services, served, chief, async (unit) => {
      const { counts } = await listRuns(unit, { limit: 1 })
      const length = async (state: 'stuck' | 'late') => {
        let sum = 0
        for (let cursor: string | undefined, more = true; more; ) {
          const page = await listRuns(unit, {
            state,
            limit: 200,
            ...(cursor === undefined ? {} : { cursor }),
          })
          sum += page.runs.length
          more = page.next !== null
          cursor = page.next ?? undefined
        }
        return sum
      }
      expect(counts).toEqual({ running: cases, incident: await length('stuck'), late: await length('late') })
    })
  })
})
