import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace, readDealPacks } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// A case ends as it began: what is published while it is open is for the cases after it.

let server: TestServer
let deals: DealWorkspace
let line: string
let sources: DefinitionSource[]
let people: Record<'manager' | 'director' | 'sales' | 'boss' | 'rivalBoss', TestMember>

beforeAll(async () => {
  server = await startTestServer()
  deals = await createDealWorkspace(server.services, 'pinned')
  sources = await readDealPacks()
  const join = (name: string, roles: string[], partner?: string) =>
    deals.join({ name, roles, ...(partner === undefined ? {} : { partner }) })
  const manager = await join('Mei Manager', ['channel_manager'])
  const partner = await deals.seed(
    'partner',
    fill('partner', { legal_name: 'Orion Ltd', channel_manager: manager.user }),
  )
  const rival = await deals.seed(
    'partner',
    fill('partner', { legal_name: 'Vega Ltd', channel_manager: manager.user }),
  )
  line = await deals.seed('product_line', fill('product_line', {}))
  people = {
    manager,
    director: await join('Dan Director', ['director']),
    sales: await join('Sam Sales', ['partner_sales'], partner),
    boss: await join('Bea Boss', ['partner_admin'], partner),
    rivalBoss: await join('Rik Rival', ['partner_admin'], rival),
  }
}, 120_000)

afterAll(() => server?.close())

function fill(object: string, values: Record<string, string>): Record<string, string> {
  const { required = [], properties } = deals.served.release.objects.get(object)!.schema
  const filled = { ...values }
  for (const field of required)
    filled[field] ??= (properties[field] as { oneOf?: { const: string }[] }).oneOf?.[0]?.const ?? '2026-01-01'
  return filled
}

interface FlowText {
  settings: Record<string, unknown>
  nodes: Record<string, unknown>[]
  edges: Record<string, unknown>[]
}

/** Publishes the packs with the approval flow changed. */
async function publishFlow(change: (flow: FlowText) => void): Promise<void> {
  const changed = sources.map((source) => {
    if (source.path !== 'flows/registration_approval.json') return source
    const flow = JSON.parse(source.text) as FlowText
    change(flow)
    return { ...source, text: JSON.stringify(flow, null, 2) }
  })
  await publishSources(server.services, deals.workspace, changed, { confirmed: 'all' })
}

const api = (member: TestMember) => callAs(server.url, member)
const settle = () => drainJobs(server.services, 'pinned')
let customers = 0

async function submit(): Promise<string> {
  customers += 1
  const made = await api(people.sales)('POST', '/api/v1/pinned/records/registration?form=registration_new', {
    body: {
      customer_name: `Customer number ${customers}`,
      product_line: line,
      amount: '1000.00',
      close_on: '2026-05-01',
      note: 'They have a budget and a date.',
    },
  })
  expect(made.status, made.text).toBe(201)
  return made.body.record.id
}

async function taskOf(member: TestMember, record: string) {
  const { body } = await api(member)('GET', '/api/v1/pinned/tasks?limit=200')
  return (body.tasks as { id: string; rev: number; record: string }[]).find((task) => task.record === record)
}

async function decide(member: TestMember, record: string, more: Record<string, unknown> = {}) {
  const task = await taskOf(member, record)
  return api(member)('POST', `/api/v1/pinned/tasks/${task?.id}/decision`, {
    body: {
      decision: 'approve',
      taskRev: task?.rev ?? 0,
      commandId: server.services.ids.next(),
      ...more,
    } as never,
  })
}

async function runOf(record: string) {
  const { body } = await api(people.manager)(
    'GET',
    `/api/v1/pinned/runs?object=registration&record=${record}`,
  )
  return body.runs[0]
}

async function recordOf(id: string) {
  return (await api(people.manager)('GET', `/api/v1/pinned/records/registration/${id}`)).body.record
}

test('a case that is open when the flow changes ends by the flow it began with; the next one follows the new', async () => {
  const before = await submit()
  // From now on every case goes to the directors.
  await publishFlow((flow) => {
    const large = flow.edges.find((edge) => edge['x-id'] === 'e4')
    if (large) large.when = { '>=': [{ var: 'amount' }, 0] }
  })
  const after = await submit()
  await decide(people.manager, before)
  await decide(people.manager, after)
  await settle()
  expect(await runOf(before)).toMatchObject({ release: 1, status: 'approved' })
  expect(await runOf(after)).toMatchObject({ release: 2, status: 'running' })
  expect(await taskOf(people.director, before)).toBeUndefined()
  expect(await taskOf(people.director, after)).toBeDefined()
})

test('a case whose flow was taken away goes on to its end', async () => {
  const open = await submit()
  const without = sources.filter((source) => source.path !== 'flows/registration_approval.json')
  const kept = without.map((source) =>
    source.path.startsWith('grants/')
      ? { ...source, text: source.text.replace(/"flows": \{[^}]*\}/, '"flows": {}') }
      : source,
  )
  await publishSources(server.services, deals.workspace, kept, { confirmed: 'all' })
  expect((await taskOf(people.manager, open))?.rev).toBe(1)
  const decided = await decide(people.manager, open)
  expect(decided.status, decided.text).toBe(200)
  await decide(people.director, open)
  await settle()
  expect(await recordOf(open)).toMatchObject({ state: 'approved' })
  await publishFlow(() => undefined)
})

test('a step may open fields: they are written with the decision, others are refused', async () => {
  await publishFlow((flow) => {
    const manager = flow.nodes.find((node) => node['x-id'] === 'n_manager')
    if (manager) Object.assign(manager, { fields: { note: 'rw', amount: 'r' }, form: 'registration_close' })
  })
  const record = await submit()
  const task = await taskOf(people.manager, record)
  const { body } = await api(people.manager)('GET', `/api/v1/pinned/tasks/${task?.id}`)
  expect(body).toMatchObject({ writable: ['note'], form: { definition: { key: 'registration_close' } } })
  const closed = await decide(people.manager, record, { values: { amount: '1.00' } })
  expect([closed.status, closed.body.code]).toEqual([403, 'FLOW_FIELDS_NOT_OPEN'])
  const wrong = await decide(people.manager, record, { values: { note: 42 } })
  expect(wrong.status).toBeGreaterThanOrEqual(400)
  expect((await taskOf(people.manager, record))?.rev).toBe(1)
  const right = await decide(people.manager, record, { values: { note: 'Looked at by me.' } })
  expect(right.status, right.text).toBe(200)
  await settle()
  expect(await recordOf(record)).toMatchObject({ state: 'approved', note: 'Looked at by me.' })
})

test('a role of partner people means those of the organisation that owns the record, nobody else', async () => {
  await publishFlow((flow) => {
    const manager = flow.nodes.find((node) => node['x-id'] === 'n_manager')
    if (manager) manager.approvers = [{ kind: 'role', role: 'partner_admin' }]
  })
  const record = await submit()
  expect(await taskOf(people.boss, record)).toBeDefined()
  expect(await taskOf(people.rivalBoss, record)).toBeUndefined()
})

test('a withdrawn case brings its record back to where it can be submitted from again', async () => {
  await publishFlow(() => undefined)
  const record = await submit()
  const run = await runOf(record)
  const answer = await api(people.sales)('POST', `/api/v1/pinned/runs/${run.id}/withdraw`, {
    body: { comment: 'wrong amount', commandId: server.services.ids.next() },
  })
  expect(answer.status, answer.text).toBe(200)
  await settle()
  expect(await recordOf(record)).toMatchObject({ state: 'draft' })
  expect((await runOf(record)).status).toBe('withdrawn')
})
