import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAs, type TestMember } from '../support/members.ts'
import { castRequests, type RequestCast } from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// Flows that a person starts by a button, and people whom somebody chooses for a step.

const key = 'buttons'
let server: TestServer
let cast: RequestCast

beforeAll(async () => {
  server = await startTestServer()
  cast = await castRequests(server, key)
}, 120_000)
afterAll(() => server?.close())

const api = (member: TestMember) => callAs(server.url, member)
const at = (path: string) => `/api/v1/${key}/${path}`
const start = (member: TestMember, record: string, body: object = {}) =>
  api(member)('POST', at('flows/second_look/start'), {
    body: { record, values: { reason: 'Because' }, ...body },
  })
const offers = async (member: TestMember, record: string) =>
  (await api(member)('GET', at(`flow-starts?object=request&record=${record}`))).body.starts
const peopleFor = async (member: TestMember, node: string, query = '') =>
  (await api(member)('GET', at(`flows/second_look/steps/${node}/people${query}`))).body.people.map(
    (one: { name: string }) => one.name,
  )
const taskOf = async (member: TestMember, node: string) => {
  const { body } = await api(member)('GET', at('tasks?flow=second_look'))
  const line = body.tasks.find((one: { node: { id: string } }) => one.node.id === node)
  return (await api(member)('GET', at(`tasks/${line.id}`))).body
}

test('a button is offered with what it asks for, to its roles, where its rule holds', async () => {
  const record = await cast.submit('Chairs')
  const [offer] = await offers(cast.asker, record)
  expect(offer).toMatchObject({ flow: 'second_look', state: 'ready', run: null, form: 'request_budget' })
  expect(offer.picks).toMatchObject([{ node: 'l_first', min: 1, max: 2, needed: true, chosen: [] }])
  expect(await offers(cast.legal, record)).toEqual([])
  expect((await start(cast.legal, record)).body.code).toBe('FLOW_BUTTON_CLOSED')
  const closed = await cast.submit('Closed')
  expect((await offers(cast.asker, closed))[0]).toMatchObject({ state: 'closed', picks: [] })
  expect((await start(cast.asker, closed)).body.code).toBe('FLOW_BUTTON_CLOSED')
  expect(await peopleFor(cast.asker, 'l_first')).toEqual(['Chris Lee', '赵刚'])
  expect(await peopleFor(cast.asker, 'l_first', '?search=chr')).toEqual(['Chris Lee'])
  const nobody = await api(cast.asker)('GET', at('flows/second_look/steps/l_start/people'))
  expect(nobody.body.code).toBe('FLOW_PICK_UNASKED')
})

test('whoever starts chooses within the range, once; whoever decides chooses who comes next', async () => {
  const record = await cast.submit('Desks')
  const refused = async (more: object) => (await start(cast.asker, record, more)).body.code
  expect(await refused({})).toBe('FLOW_PICK_MISSING')
  expect(await refused({ picks: { l_first: [cast.lead.user] } })).toBe('FLOW_PICK_OUTSIDE')
  expect(await refused({ picks: { l_next: [cast.lead.user] } })).toBe('FLOW_PICK_UNASKED')
  const picks = { l_first: [cast.finance.user] }
  // The form of the button is written by its rules and with the person's rights, or nothing is begun.
  expect(await refused({ picks, values: { reason: null } })).toBe('RECORD_REFUSED')
  expect(await refused({ picks, rev: 7 })).toBe('RECORD_STALE')
  expect((await offers(cast.asker, record))[0].state).toBe('ready')
  // A double click: one case, answered twice.
  const both = await Promise.all([start(cast.asker, record, { picks }), start(cast.asker, record, { picks })])
  expect(both.map(({ status }) => status)).toEqual([200, 200])
  expect(both[0]?.body.run).toBe(both[1]?.body.run)
  expect((await offers(cast.asker, record))[0]).toMatchObject({ state: 'running', run: both[0]?.body.run })
  const shown = await api(cast.asker)('GET', at(`records/request/${record}`))
  expect(shown.body.record.reason).toBe('Because')

  const task = await taskOf(cast.finance, 'l_first')
  expect(task.batch).toBe(false)
  expect(task.picks).toMatchObject([{ node: 'l_next', needed: true }])
  expect(await peopleFor(cast.finance, 'l_next', `?task=${task.id}`)).toEqual(['王敏'])
  const foreign = await api(cast.lead)('GET', at(`flows/second_look/steps/l_next/people?task=${task.id}`))
  expect(foreign.status).toBe(404)
  const decide = (more: object) =>
    api(cast.finance)('POST', at(`tasks/${task.id}/decision`), {
      body: { decision: 'approve', taskRev: task.rev, commandId: server.services.ids.next(), ...more },
    })
  const missing = await decide({})
  expect(missing.body).toMatchObject({ code: 'FLOW_PICK_MISSING', status: 422 })
  expect(missing.body.message).toContain('Next look')
  expect((await decide({ picks: { l_next: [cast.asker.user] } })).body.code).toBe('FLOW_PICK_OUTSIDE')
  expect((await decide({ picks: { l_next: [cast.lead.user] } })).status).toBe(200)
  expect((await taskOf(cast.lead, 'l_next')).state).toBe('pending')
})

test('a record that begins a case names who was chosen, and hears which flow asks', async () => {
  const { body } = await api(cast.asker)('GET', at('flows/picked_purchase/picks'))
  expect(body.picks).toMatchObject([{ node: 'u_one', needed: false }])
  const create = (name: string, picks?: object) =>
    api(cast.asker)(
      'POST',
      at(`records/request${picks ? `?picks=${encodeURIComponent(JSON.stringify(picks))}` : ''}`),
      { body: { name } },
    )
  // On the way that the record takes nobody has to be chosen.
  expect((await create('Lamps')).status).toBe(201)
  const asked = await create('Purchase')
  expect(asked.body.code).toBe('FLOW_PICK_MISSING')
  expect(asked.body.details).toMatchObject([{ path: '/picks/picked_purchase' }])
  const chosen = { picked_purchase: { u_one: [cast.legal.user] } }
  expect((await create('Purchase', chosen)).status).toBe(201)
  const { body: list } = await api(cast.legal)('GET', at('tasks?flow=picked_purchase'))
  expect(list.tasks).toHaveLength(1)
  expect((await create('Purchase', [1])).body.code).toBe('REQUEST_INVALID')
})
