import type { SimulateReply } from '@channelwright/runtime/api/flow-trials.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { createDelegation } from '@channelwright/server/flows/delegation-windows.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { createRecord, updateRecord } from '@channelwright/server/records/write-record.ts'
import type { ServedRelease } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { tinyPack } from '../support/tiny-pack.ts'

// Steps that assign, under contention: several workers and several people at once, on real Postgres.

const code = (prefix: string) => ({ startsWith: [{ var: 'code' }, prefix] })

function assigning(key: string, prefix: string, settings: JsonObject): JsonObject {
  return {
    kind: 'flow/1',
    key,
    'x-id': `w_${key}`,
    title: word(key),
    object: 'order',
    trigger: { type: 'record', when: code(prefix) },
    settings: { withdraw: 'never' },
    nodes: [
      { 'x-id': 'n_start', type: 'start', title: word('Start') },
      {
        'x-id': 'n_route',
        type: 'assign',
        title: word('Route'),
        candidates: 'org',
        into: 'org',
        ...settings,
      },
      { 'x-id': 'n_given', type: 'end', title: word('Given'), outcome: 'approved' },
      { 'x-id': 'n_left', type: 'end', title: word('Left'), outcome: 'rejected' },
    ],
    edges: [
      { 'x-id': 'e1', from: 'n_start', to: 'n_route' },
      { 'x-id': 'e2', from: 'n_route', exit: 'assigned', to: 'n_given' },
      { 'x-id': 'e3', from: 'n_route', exit: 'unassigned', to: 'n_left' },
    ],
  }
}

const named = (prefix: string) => ({ startsWith: [{ var: 'name' }, prefix] })
const rule = (by: string, prefix: string, more: JsonObject = {}) => ({
  title: word(by),
  where: named(prefix),
  by,
  ...more,
})

let server: TestServer
let served: ServedRelease
let keeper: TestMember
let second: TestMember
let third: TestMember
let chief: TestMember

beforeAll(async () => {
  server = await startTestServer()
  const { services } = server
  const workspace = await createWorkspace(services, {
    key: 'assign',
    title: word('Assign'),
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(
    services,
    workspace,
    tinyPack((all) => {
      const org = all['objects/org.json'] as { schema: { properties: Record<string, JsonObject> } }
      const field = (type: string, id: string, more: JsonObject) => ({
        'x-field': type,
        'x-id': id,
        title: id,
        'x-title': { zh: id },
        ...more,
      })
      org.schema.properties.keeper = field('user', 'f_keeper', { type: 'string', format: 'uuid' })
      org.schema.properties.share = field('integer', 'f_share', { type: 'integer' })
      org.schema.properties.room = field('integer', 'f_room', { type: 'integer' })
      const ask = { contacts: { field: 'keeper' }, within: { after: 2, unit: 'hour' } }
      const flows = [
        assigning('turns', 'T-', { rules: [rule('least_recent', 'Turn')] }),
        assigning('shares', 'W-', { rules: [rule('weighted', 'Share', { weight: 'share' })] }),
        assigning('loads', 'L-', {
          rules: [rule('least_loaded', 'Load', { capacity: 'room' })],
          open: code('L-'),
        }),
        assigning('calls', 'B-', { rules: [rule('broadcast', 'Call', { count: 3 })], ask }),
        assigning('asks', 'A-', { rules: [rule('least_recent', 'Ask')], ask, recycles: 1 }),
        assigning('there', 'P-', { rules: [rule('least_recent', 'There')], ask, available: {} }),
        assigning('only_there', 'O-', {
          rules: [rule('least_recent', 'There')],
          ask,
          available: { otherwise: 'unassigned' },
        }),
      ]
      for (const flow of flows) all[`flows/${String(flow.key)}.json`] = flow
    }),
  )
  served = (await services.releases.current('assign'))!
  const join = (name: string) => addMember(services, workspace, { name, roles: ['clerk'] })
  ;[keeper, second, third] = [await join('Kim'), await join('Sun'), await join('Tao')]
  chief = await addMember(services, workspace, { name: 'Chu', roles: ['chief'] })
}, 120_000)
afterAll(() => server?.close())

const asEngine = <T>(work: (unit: Unit) => Promise<T>) =>
  inUnit(server.services, served, engineActor(server.services, served, nobody), work)
const seed = (object: string, values: JsonObject) =>
  asEngine(async (unit) => (await createRecord(unit, object, values, { by: 'seed' })).id)
const cw = (name: string) => `"${served.workspace.schema}".cw_${name}`
/** As many workers as side by side: jobs of one workspace are taken one by one, and done together. */
const settle = (workers = 1) =>
  Promise.all(Array.from({ length: workers }, () => drainJobs(server.services, 'assign')))

let other: string
beforeEach(async () => {
  other = await seed('org', { name: 'Any' })
})

const order = (of: string) =>
  asEngine(async (unit) => (await createRecord(unit, 'order', { org: other, code: of }, { by: 'flow' })).id)

async function orgOf(id: string): Promise<string> {
  const { table } = served.tables.get('order')!
  const rows = await asEngine((unit) =>
    unit.query<{ org: string }>(`SELECT org FROM "${served.workspace.schema}"."${table}" WHERE id = $1`, [
      id,
    ]),
  )
  return rows[0]!.org
}
async function counted(ids: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const id of ids) {
    const org = await orgOf(id)
    counts[org] = (counts[org] ?? 0) + 1
  }
  return counts
}
/** Who is asked about an order, and how every task there stands. */
const tasks = (id: string) =>
  asEngine((unit) =>
    unit.query<{ id: string; rev: number; assignee: string; state: string; on_behalf_of: string | null }>(
      `SELECT id, rev, assignee, state, on_behalf_of FROM ${cw('task')} WHERE record = $1 ORDER BY seq`,
      [id],
    ),
  )
const outcome = async (id: string) => {
  const rows = await asEngine((unit) =>
    unit.query<{ outcome: string | null }>(`SELECT outcome FROM ${cw('run')} WHERE record = $1`, [id]),
  )
  return rows[0]?.outcome
}
async function answer(member: TestMember, id: string, decision: string) {
  const task = (await tasks(id)).findLast((one) => one.assignee === member.user)!
  return callAs(server.url, member)('POST', `/api/v1/assign/tasks/${task.id}/decision`, {
    body: { commandId: server.services.ids.next(), taskRev: task.rev, decision, comment: 'x' },
  })
}

describe('several cases at once', () => {
  test('never take the same turn, and what is given by hand is a turn as well', async () => {
    const orgs = await Promise.all([1, 2, 3].map((at) => seed('org', { name: `Turn ${at}` })))
    const ids = await Promise.all(Array.from({ length: 12 }, (_, at) => order(`T-${at}`)))
    await settle(4)
    expect(await counted(ids)).toEqual(Object.fromEntries(orgs.map((org) => [org, 4])))
    const last = await asEngine((unit) =>
      unit.query<{ candidate: string }>(`SELECT candidate FROM ${cw('offer')} ORDER BY id DESC LIMIT 3`),
    )
    const [, , next] = last.map(({ candidate }) => candidate)
    // Whose turn would be next gets one by hand; the one after goes before.
    const byHand = await order('X-1')
    const changed = await callAs(server.url, chief)('PATCH', `/api/v1/assign/records/order/${byHand}`, {
      body: { org: next! },
    })
    expect(changed.status).toBe(200)
    const id = await order('T-13')
    await settle()
    expect(await orgOf(id)).toBe(last[1]!.candidate)
  })

  test('keep to the shares of a weighted turn', async () => {
    const big = await seed('org', { name: 'Share big', share: 3 })
    const small = await seed('org', { name: 'Share small', share: 1 })
    await seed('org', { name: 'Share none', share: 0 })
    const ids = await Promise.all(Array.from({ length: 8 }, (_, at) => order(`W-${at}`)))
    await settle(4)
    expect(await counted(ids)).toEqual({ [big]: 6, [small]: 2 })
  })

  test('never fill a place twice', async () => {
    const one = await seed('org', { name: 'Load one', room: 1 })
    const two = await seed('org', { name: 'Load two', room: 2 })
    const ids = await Promise.all(Array.from({ length: 5 }, (_, at) => order(`L-${at}`)))
    await settle(4)
    const counts = await counted(ids)
    expect([counts[one], counts[two], counts[other]]).toEqual([1, 2, 2])
    const ends = await Promise.all(ids.map(outcome))
    expect(ends.filter((end) => end === 'rejected')).toHaveLength(2)
  })
})

describe('a step that is tried', () => {
  const simulate = async (flow: string, record: string) => {
    const { status, body, text } = await callAs(server.url, chief)(
      'POST',
      `/api/v1/assign/flows/${flow}/simulate`,
      { body: { record } },
    )
    expect(status, text).toBe(200)
    return body as SimulateReply
  }
  const choiceOf = ({ steps }: SimulateReply) => steps.flatMap(({ choice }) => choice ?? [])

  test('finds whom it would choose, in order and with the reason, and takes nothing', async () => {
    const free = await seed('org', { name: 'Load free', room: 9 })
    const none = await seed('org', { name: 'Load never', room: 0 })
    const offers = () => asEngine((unit) => unit.query(`SELECT 1 FROM ${cw('offer')}`))
    const id = await asEngine(
      async (unit) => (await createRecord(unit, 'order', { org: other, code: 'L-try' }, { by: 'seed' })).id,
    )
    const before = (await offers()).length
    const told = await simulate('loads', id)
    expect([told.status, told.outcome]).toEqual(['approved', 'approved'])
    const [choice] = choiceOf(told)
    expect(choice?.rule).toEqual(word('least_loaded'))
    expect(choice?.candidates[0]).toEqual({
      record: free,
      name: 'Load free',
      place: 1,
      chosen: true,
      why: { en: '0 open of 9, never had a turn', zh: '进行中 0 个,上限 9 个,从未分派过' },
    })
    expect(choice?.candidates.find(({ record }) => record === none)).toMatchObject({
      place: null,
      chosen: false,
      why: { en: 'has no free place' },
    })
    expect(told.changes).toMatchObject([{ field: 'org', after: free }])
    expect([(await offers()).length, await orgOf(id)]).toEqual([before, other])
    // What really happens is what was told.
    const real = await order('L-real')
    await settle()
    expect(await orgOf(real)).toBe(free)
  })

  test('asks whoever would be asked, and the next when time passes', async () => {
    const [first, then] = [
      await seed('org', { name: 'Ask one', keeper: keeper.user }),
      await seed('org', { name: 'Ask two', keeper: second.user }),
    ]
    const id = await asEngine(
      async (unit) => (await createRecord(unit, 'order', { org: other, code: 'A-try' }, { by: 'seed' })).id,
    )
    const told = await simulate('asks', id)
    expect(told.steps.flatMap(({ tasks }) => tasks.map(({ assignee }) => assignee.name))).toEqual(['Kim'])
    expect(told.changes).toMatchObject([{ field: 'org', after: first }])
    const { body } = await callAs(server.url, chief)('POST', '/api/v1/assign/flows/asks/simulate', {
      body: { record: id, decisions: { n_route: '-' } },
    })
    expect(choiceOf(body).map(({ candidates }) => candidates.find(({ chosen }) => chosen)?.record)).toEqual([
      first,
      then,
    ])
    await callAs(server.url, chief)('DELETE', `/api/v1/assign/records/order/${id}`)
    for (const org of [first, then])
      await asEngine((unit) => updateRecord(unit, 'org', org, { name: 'Gone' }, { by: 'seed' }))
  })
})

describe('whoever is asked', () => {
  test('of several at the same instant one gets it, the others are told so', async () => {
    const people = [keeper, second, third]
    const orgs = await Promise.all(
      people.map(({ user }, at) => seed('org', { name: `Call ${at}`, keeper: user })),
    )
    const id = await order('B-1')
    await settle()
    expect((await tasks(id)).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
    const answers = await Promise.all(people.map((person) => answer(person, id, 'accept')))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    await settle()
    const winner = answers.findIndex(({ status }) => status === 200)
    expect(await orgOf(id)).toBe(orgs[winner])
    expect((await tasks(id)).map(({ state }) => state).sort()).toEqual(['approved', 'cancelled', 'cancelled'])
    const given = await asEngine((unit) =>
      unit.query(`SELECT 1 FROM ${cw('effect')} e JOIN ${cw('run')} r ON r.id = e.run
        WHERE r.record = '${id}' AND e.key LIKE '%:give'`),
    )
    expect(given).toHaveLength(1)
  })

  test('and is silent loses it to the next, never to one who had it; then nobody is left', async () => {
    await seed('org', { name: 'Ask one', keeper: keeper.user })
    await seed('org', { name: 'Ask two', keeper: second.user })
    await seed('org', { name: 'Ask three', keeper: third.user })
    const id = await order('A-1')
    await settle()
    const [first] = await tasks(id)
    server.clock.advance({ hours: 2, seconds: 1 })
    await settle()
    const asked = await tasks(id)
    expect(asked.map(({ state }) => state)).toEqual(['expired', 'pending'])
    expect(asked[1]!.assignee).not.toBe(first!.assignee)
    const late = [keeper, second, third].find(({ user }) => user === first!.assignee)!
    expect((await answer(late, id, 'accept')).status).toBe(409)
    const now = [keeper, second, third].find(({ user }) => user === asked[1]!.assignee)!
    expect((await answer(now, id, 'decline')).status).toBe(200)
    await settle()
    expect([await outcome(id), await orgOf(id)]).toEqual(['rejected', other])
  })

  test('is passed over while away; a stand-in answers where nobody else is there', async () => {
    const away = await seed('org', { name: 'There away', keeper: keeper.user })
    const here = await seed('org', { name: 'There here', keeper: second.user })
    const delegate = (from: string) =>
      asEngine((unit) =>
        createDelegation(unit, {
          from,
          to: third.user,
          mode: 'replace',
          starts_at: unit.now,
          ends_at: new Date(Date.parse(unit.now) + 86_400_000).toISOString(),
        }),
      )
    server.clock.advance({ seconds: 1 })
    await delegate(keeper.user)
    const id = await order('P-1')
    await settle()
    expect((await tasks(id)).map(({ assignee }) => assignee)).toEqual([second.user])
    expect((await answer(second, id, 'accept')).status).toBe(200)
    await settle()
    expect(await orgOf(id)).toBe(here)
    await delegate(second.user)
    const nobodyThere = await order('P-2')
    const refused = await order('O-1')
    await settle()
    expect(await tasks(nobodyThere)).toMatchObject([{ assignee: third.user, on_behalf_of: keeper.user }])
    expect((await answer(third, nobodyThere, 'accept')).status).toBe(200)
    await settle()
    expect(await orgOf(nobodyThere)).toBe(away)
    expect([await outcome(refused), await tasks(refused)]).toEqual(['rejected', []])
  })
})
