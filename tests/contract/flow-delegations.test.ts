import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAs, type TestMember } from '../support/members.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { moneyField } from '../support/tiny-pack.ts'

// Somebody stands in for somebody: up to an amount, for some flows, for a while, once and never in their own case.

const key = 'standing'
let server: TestServer
let cast: RequestCast

/** The flow says how much a request is about; the lead alone decides. */
function withAmount() {
  const definitions = requestDefinitions()
  const object = definitions['objects/request.json'] as { schema: { properties: object } }
  Object.assign(object.schema.properties, { price: moneyField('f_price', 'Price') })
  const flow = definitions['flows/request_approval.json'] as {
    settings: object
    nodes: { 'x-id': string }[]
    edges: object[]
  }
  Object.assign(flow.settings, { amount: 'price' })
  flow.nodes = flow.nodes.filter((node) => ['n_start', 'n_lead', 'n_end'].includes(node['x-id']))
  flow.edges = [
    { 'x-id': 'e1', from: 'n_start', to: 'n_lead' },
    { 'x-id': 'e2', from: 'n_lead', exit: 'approved', to: 'n_end' },
  ]
  return requestSources(definitions)
}

beforeAll(async () => {
  server = await startTestServer()
  cast = await castRequests(server, key, withAmount())
}, 120_000)

afterAll(() => server?.close())

const at = (path: string) => `/api/v1/${key}/${path}`
const api = (member: TestMember) => callAs(server.url, member)
const later = (hours: number) => new Date(Date.parse(server.clock.now()) + hours * 3_600_000).toISOString()

function window(from: TestMember, to: TestMember, more: object = {}) {
  const body = { to: to.user, mode: 'replace', starts_at: server.clock.now(), ends_at: later(8), ...more }
  return api(from)('POST', at('delegations'), { body: body as never })
}

async function submit(price: string | null, by = cast.asker): Promise<string> {
  const body = { name: 'Forklift', reason: 'Needed', ...(price === null ? {} : { price }) }
  const made = await api(by)('POST', at('records/request'), { body })
  expect(made.status, made.text).toBe(201)
  return made.body.record.id
}

async function todo(member: TestMember, record: string) {
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  return body.tasks.find((task: { record: string }) => task.record === record)
}

/** Whose task it is. */
async function whoHas(record: string): Promise<string | undefined> {
  for (const name of ['lead', 'deputy', 'finance', 'asker'] as const)
    if (await todo(cast[name], record)) return name
  return undefined
}

async function end(made: { body: { id: string } }, by: TestMember): Promise<void> {
  expect((await api(by)('DELETE', at(`delegations/${made.body.id}`))).status).toBeLessThan(300)
  await drainJobs(server.services, key)
}

test('up to an amount: larger cases, and those that name none, stay; what was decided says for whom', async () => {
  const made = await window(cast.lead, cast.deputy, { max_amount: '50000.00' })
  expect(made.status, made.text).toBe(201)
  expect(made.body.max_amount).toBe('50000.00')
  const { body: list } = await api(cast.lead)('GET', at('delegations'))
  expect(list.flows.find((flow: { key: string }) => flow.key === 'request_approval').has_amount).toBe(true)
  const small = await submit('50000.00')
  expect([
    await whoHas(small),
    await whoHas(await submit('50000.01')),
    await whoHas(await submit(null)),
  ]).toEqual(['deputy', 'lead', 'lead'])
  const task = await todo(cast.deputy, small)
  expect(task.on_behalf_of.name).toBe('王敏')
  const decided = await api(cast.deputy)('POST', at(`tasks/${task.id}/decision`), {
    body: { decision: 'approve', taskRev: task.rev, commandId: server.services.ids.next() },
  })
  expect(decided.status, decided.text).toBe(200)
  const { body } = await api(cast.keeper)('GET', at(`runs?object=request&record=${small}`))
  const sentences = body.runs[0].timeline.map((entry: { sentence: { zh: string } }) => entry.sentence.zh)
  expect(sentences).toContain('孙悦(代王敏)在“主管审批”同意')
  await end(made, cast.lead)
})

test('for some flows alone', async () => {
  const made = await window(cast.lead, cast.deputy, { flows: ['another_flow'] })
  expect(await whoHas(await submit('1.00'))).toBe('lead')
  await end(made, cast.lead)
})

test('once: who stands in hands nothing on, and nobody stands in for whoever stands in for them', async () => {
  const made = await window(cast.lead, cast.deputy)
  const further = await window(cast.deputy, cast.finance)
  expect(further.status, further.text).toBe(201)
  expect(await whoHas(await submit('1.00'))).toBe('deputy')
  const circle = await window(cast.deputy, cast.lead)
  expect([circle.status, circle.body.code]).toEqual([409, 'DELEGATION_CIRCLE'])
  // In the one after, it is no circle.
  const after = await window(cast.deputy, cast.lead, { starts_at: later(8), ends_at: later(9) })
  expect(after.status, after.text).toBe(201)
  await end(after, cast.deputy)
  await end(further, cast.deputy)
  await end(made, cast.lead)
})

test('never in their own case: whoever applied gets it back to the one it is for', async () => {
  const made = await window(cast.lead, cast.deputy)
  const own = await submit('1.00', cast.deputy)
  expect(await whoHas(own)).toBe('lead')
  await end(made, cast.lead)
})

test('either may act where both are asked; ended early, what is open is the own again, and a late answer is refused', async () => {
  const both = await window(cast.lead, cast.deputy, { mode: 'also' })
  const shared = await submit('1.00')
  expect([await todo(cast.lead, shared), await todo(cast.deputy, shared)].map(Boolean)).toEqual([true, true])
  await end(both, cast.lead)
  expect([await todo(cast.lead, shared), await todo(cast.deputy, shared)].map(Boolean)).toEqual([true, false])
  const made = await window(cast.lead, cast.deputy, { ends_at: later(1) })
  const record = await submit('1.00')
  const task = await todo(cast.deputy, record)
  server.clock.advance({ hours: 2 })
  // The window is over, and the job that gives back has not come yet.
  const late = await api(cast.deputy)('POST', at(`tasks/${task.id}/decision`), {
    body: { decision: 'approve', taskRev: task.rev, commandId: server.services.ids.next() },
  })
  expect([late.status, late.body.code]).toEqual([403, 'FLOW_DELEGATION_ENDED'])
  await drainJobs(server.services, key)
  expect(await whoHas(record)).toBe('lead')
  expect(made.status).toBe(201)
})

test('times, people and limits that make no sense are refused', async () => {
  const codeOf = async (to: TestMember, more: object = {}) => (await window(cast.lead, to, more)).body.code
  expect(await codeOf(cast.lead)).toBe('DELEGATION_PERSON')
  expect(await codeOf(cast.deputy, { ends_at: later(-1) })).toBe('DELEGATION_TIMES')
  expect(await codeOf(cast.deputy, { ends_at: later(24 * 400) })).toBe('DELEGATION_TIMES')
  expect(await codeOf(cast.deputy, { max_amount: '-5' })).toBe('REQUEST_INVALID')
  expect(await codeOf(cast.deputy, { max_amount: '5', flows: ['second_look'] })).toBe('DELEGATION_AMOUNT')
})
