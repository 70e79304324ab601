import { inUnit } from '@channelwright/server/db/unit.ts'
import { engineActor } from '@channelwright/server/flows/engine-actor.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { updateRecord } from '@channelwright/server/records/write-record.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let deals: DealWorkspace
let partner: string
let otherPartner: string
let line: string
let people: Record<'manager' | 'director' | 'director2' | 'sales' | 'rival' | 'admin', TestMember>

beforeAll(async () => {
  server = await startTestServer()
  deals = await createDealWorkspace(server.services, 'flows')
  const join = (name: string, roles: string[], of?: string) =>
    deals.join({ name, roles, ...(of === undefined ? {} : { partner: of }) })
  const manager = await join('Mei Manager', ['channel_manager'])
  partner = await seedPartner('Orion Systems Ltd', manager.user)
  otherPartner = await seedPartner('Vega Trading Ltd', manager.user)
  line = await deals.seed('product_line', { ...(await lineValues()) })
  people = {
    manager,
    director: await join('Dan Director', ['director']),
    director2: await join('Dora Director', ['director']),
    sales: await join('Sam Sales', ['partner_sales'], partner),
    rival: await join('Rita Rival', ['partner_sales'], otherPartner),
    admin: await join('Ada Admin', ['business_admin']),
  }
}, 120_000)

afterAll(() => server?.close())

async function seedPartner(name: string, manager: string): Promise<string> {
  const { required = [], properties } = deals.served.release.objects.get('partner')!.schema
  const choice = (key: string) => (properties[key] as { oneOf?: { const: string }[] }).oneOf?.[0]?.const
  const values: Record<string, string> = { legal_name: name, channel_manager: manager }
  for (const key of required) values[key] ??= choice(key) ?? '2026-01-01'
  return deals.seed('partner', values)
}

async function lineValues(): Promise<Record<string, string>> {
  const { required = [] } = deals.served.release.objects.get('product_line')!.schema
  return Object.fromEntries(required.map((key) => [key, 'Servers']))
}

const api = (member: TestMember) => callAs(server.url, member)
let customers = 0

/** Submits a registration as the partner's salesperson, over HTTP; returns its id. */
async function submit(amount: string): Promise<string> {
  customers += 1
  const draft = await api(people.sales)('POST', '/api/v1/flows/records/registration?form=registration_new', {
    body: {
      customer_name: `Customer number ${customers}`,
      product_line: line,
      amount,
      close_on: '2026-05-01',
      note: 'They have a budget and a date.',
    },
  })
  expect(draft.status, draft.text).toBe(201)
  return draft.body.record.id as string
}

/** What the form of a refusal asks for. */
const refusal = { refusal_reason: 'not_eligible' }

async function todo(member: TestMember, record: string) {
  const { body } = await api(member)('GET', '/api/v1/flows/tasks?limit=200')
  return (body.tasks as { id: string; rev: number; record: string; title: string | null }[]).find(
    (task) => task.record === record,
  )
}

async function decide(
  member: TestMember,
  record: string,
  decision: string,
  more: Record<string, string | number | Record<string, string>> = {},
) {
  return decideOn(member, await todo(member, record), decision, more)
}

/** Of a task that was looked up before, for decisions at the same instant. */
function decideOn(
  member: TestMember,
  task: { id: string; rev: number } | undefined,
  decision: string,
  more: Record<string, string | number | Record<string, string>> = {},
) {
  return api(member)('POST', `/api/v1/flows/tasks/${task?.id}/decision`, {
    body: { decision, taskRev: task?.rev ?? 0, commandId: server.services.ids.next(), ...more },
  })
}

async function stateOf(record: string): Promise<Record<string, unknown>> {
  const { body } = await api(people.admin)('GET', `/api/v1/flows/records/registration/${record}`)
  return body.record
}

async function runOf(member: TestMember, record: string) {
  const { body } = await api(member)('GET', `/api/v1/flows/runs?object=registration&record=${record}`)
  return body.runs[0]
}

/** As a flow's action would, in the name of that person. */
async function writeAsEngine(member: TestMember, record: string, values: Record<string, string>) {
  const actor = engineActor(server.services, deals.served, member.user)
  await inUnit(server.services, deals.served, actor, (unit) =>
    updateRecord(unit, 'registration', record, values, { by: 'flow' }),
  )
}

const settle = () => drainJobs(server.services, 'flows')

describe('a case from submission to its end', () => {
  test('a small deal: the manager approves, the record is protected, the timeline tells it', async () => {
    const record = await submit('120000.00')
    expect(await todo(people.manager, record)).toMatchObject({ rev: 1 })
    const decided = await decide(people.manager, record, 'approve', { comment: 'fine' })
    expect(decided.status, decided.text).toBe(200)
    await settle()
    expect(await stateOf(record)).toMatchObject({
      state: 'approved',
      approved_on: '2026-03-02',
      protection: { from: '2026-03-02', to: '2026-05-31' },
    })
    const run = await runOf(people.sales, record)
    expect(run).toMatchObject({ status: 'approved', outcome: 'approved', applicant: { name: 'Sam Sales' } })
    const sentences = run.timeline.map((entry: { sentence: { en: string } }) => entry.sentence.en)
    expect(sentences[0]).toBe('Sam Sales submitted it')
    expect(sentences).toContain('Mei Manager approved it at "Channel manager"')
    expect(run.edges.filter((edge: { taken: boolean }) => edge.taken).length).toBe(4)
  })

  test('a large deal goes on to the directors; the first of them decides', async () => {
    const record = await submit('500000.00')
    await decide(people.manager, record, 'approve')
    expect(await todo(people.director, record)).toBeDefined()
    expect(await todo(people.director2, record)).toBeDefined()
    await decide(people.director2, record, 'approve')
    await settle()
    expect(await stateOf(record)).toMatchObject({ state: 'approved' })
    expect(await todo(people.director, record)).toBeUndefined()
  })

  test('a rejection needs a reason and brings the record to rejected', async () => {
    const record = await submit('1000.00')
    const bare = await decide(people.manager, record, 'reject')
    expect([bare.status, bare.body.code]).toEqual([422, 'RECORD_REFUSED'])
    const silent = await decide(people.manager, record, 'reject', { values: refusal })
    expect([silent.status, silent.body.code]).toEqual([400, 'FLOW_COMMENT_REQUIRED'])
    await decide(people.manager, record, 'reject', { comment: 'Not a new customer', values: refusal })
    await settle()
    expect(await stateOf(record)).toMatchObject({ state: 'rejected' })
    const run = await runOf(people.sales, record)
    expect(run.timeline.map((entry: { comment: string | null }) => entry.comment)).toContain(
      'Not a new customer',
    )
  })

  test('history names the flow and node that wrote, and the person in whose name', async () => {
    const record = await submit('1500.00')
    await decide(people.manager, record, 'approve')
    await settle()
    const { body } = await api(people.admin)('GET', `/api/v1/flows/records/registration/${record}/history`)
    const flow = deals.served.release.flows.get('registration_approval')!
    const run = await runOf(people.admin, record)
    const [byFlow] = body.entries
    expect(byFlow).toMatchObject({
      name: 'Mei Manager',
      action: 'update',
      cause: { kind: 'flow', key: flow.key, run: run.id, title: flow.title },
    })
    const node = flow.nodes.find((one) => one['x-id'] === byFlow.cause.node)
    expect(node).toMatchObject({ type: 'action', title: byFlow.cause.nodeTitle })
    expect(body.entries.at(-1)).toMatchObject({ name: 'Sam Sales', action: 'create', cause: null })
  })
})

describe('commands', () => {
  test('one command sent ten times at once is done once and answered ten times the same', async () => {
    const record = await submit('2000.00')
    const task = await todo(people.manager, record)
    const body = { decision: 'approve', taskRev: 1, commandId: server.services.ids.next() }
    const path = `/api/v1/flows/tasks/${task?.id}/decision`
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api(people.manager)('POST', path, { body })),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    await settle()
    const run = await runOf(people.manager, record)
    expect(run.timeline.filter((entry: { type: string }) => entry.type === 'decided').length).toBe(1)
    const other = await api(people.manager)('POST', path, { body: { ...body, comment: 'another' } })
    expect([other.status, other.body.code]).toEqual([409, 'FLOW_COMMAND_REUSED'])
  })

  test('two approvers at the same instant: one decides, the other is told that it is closed', async () => {
    const record = await submit('900000.00')
    await decide(people.manager, record, 'approve')
    const [first, second] = [await todo(people.director, record), await todo(people.director2, record)]
    const answers = await Promise.all([
      decideOn(people.director, first, 'approve'),
      decideOn(people.director2, second, 'reject', { comment: 'no', values: refusal }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('FLOW_TASK_DECIDED')
    await settle()
    const run = await runOf(people.manager, record)
    expect(run.timeline.filter((entry: { type: string }) => entry.type === 'decided').length).toBe(2)
    expect(['approved', 'rejected']).toContain(run.status)
  })

  test('withdrawal and first approval at the same instant: one wins, the other gets 409', async () => {
    const record = await submit('3000.00')
    const run = await runOf(people.sales, record)
    expect(run.may.withdraw).toBe(true)
    const task = await todo(people.manager, record)
    const answers = await Promise.all([
      decideOn(people.manager, task, 'approve'),
      api(people.sales)('POST', `/api/v1/flows/runs/${run.id}/withdraw`, {
        body: { commandId: server.services.ids.next() },
      }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('a stale screen is refused', async () => {
    const record = await submit('3500.00')
    const stale = await decide(people.manager, record, 'approve', { taskRev: 0 })
    expect([stale.status, stale.body.code]).toEqual([409, 'FLOW_TASK_STALE'])
  })
})

describe('who sees and who may', () => {
  test("another partner sees neither the task nor the run, and can't decide or withdraw", async () => {
    const record = await submit('4000.00')
    const task = await todo(people.manager, record)
    const run = await runOf(people.manager, record)
    const rival = api(people.rival)
    expect((await rival('GET', `/api/v1/flows/runs?object=registration&record=${record}`)).body.runs).toEqual(
      [],
    )
    expect((await rival('GET', `/api/v1/flows/runs/${run.id}`)).body.code).toBe('FLOW_RUN_UNKNOWN')
    expect((await rival('GET', `/api/v1/flows/tasks/${task?.id}`)).body.code).toBe('FLOW_TASK_UNKNOWN')
    const body = { decision: 'approve', taskRev: 1, commandId: server.services.ids.next() }
    expect((await rival('POST', `/api/v1/flows/tasks/${task?.id}/decision`, { body })).status).toBe(404)
    const takeBack = { commandId: server.services.ids.next() }
    expect((await rival('POST', `/api/v1/flows/runs/${run.id}/withdraw`, { body: takeBack })).status).toBe(
      404,
    )
  })

  test('the partner who applied sees the run but may not decide it', async () => {
    const record = await submit('4500.00')
    const task = await todo(people.manager, record)
    const body = { decision: 'approve', taskRev: 1, commandId: server.services.ids.next() }
    const answer = await api(people.sales)('POST', `/api/v1/flows/tasks/${task?.id}/decision`, { body })
    expect([answer.status, answer.body.code]).toEqual([403, 'FLOW_TASK_NOT_YOURS'])
    const seen = await api(people.sales)('GET', `/api/v1/flows/tasks/${task?.id}`)
    expect(seen.body.decisions).toEqual([])
  })

  test('a task tells its owner what it is about and what can be answered', async () => {
    const record = await submit('4600.00')
    const task = await todo(people.manager, record)
    expect(task?.title).toMatch(/^DR-2026-/)
    const { body } = await api(people.manager)('GET', `/api/v1/flows/tasks/${task?.id}`)
    expect(body).toMatchObject({
      state: 'pending',
      applicant: { name: 'Sam Sales' },
      writable: ['protection_days', 'protection_terms', 'refusal_reason'],
      form: { definition: { key: 'registration_decision' } },
    })
    expect(
      body.decisions.map((d: { key: string; comment_required: boolean }) => [d.key, d.comment_required]),
    ).toEqual([
      ['approve', false],
      ['reject', true],
    ])
  })

  test('no role of people writes a table of flows', async () => {
    const { rows } = await server.services.owner.query<{ name: string }>(
      `SELECT DISTINCT table_name AS name FROM information_schema.role_table_grants
       WHERE table_schema = 'ws_flows' AND table_name LIKE 'cw\\_%' AND privilege_type <> 'SELECT'
         AND table_name IN ('cw_run', 'cw_task', 'cw_activation', 'cw_event', 'cw_effect', 'cw_command')
         AND grantee NOT LIKE '%.engine' AND grantee <> current_user`,
    )
    expect(rows).toEqual([])
  })
})

describe('the record while its case is open', () => {
  test('people can not change it; the flow can; afterwards people can again', async () => {
    const record = await submit('5000.00')
    const change = () =>
      api(people.sales)('PATCH', `/api/v1/flows/records/registration/${record}`, { body: { note: 'more' } })
    const locked = await change()
    expect([locked.status, locked.body.code]).toEqual([409, 'FLOW_RECORD_LOCKED'])
    const locks = async () => {
      const { body } = await api(people.sales)(
        'GET',
        `/api/v1/flows/runs?object=registration&record=${record}`,
      )
      return body.runs.map((run: { locks_record: boolean }) => run.locks_record)
    }
    const may = async () => {
      const { body } = await api(people.sales)('GET', `/api/v1/flows/records/registration/${record}`)
      return body.may
    }
    expect(await locks()).toEqual([true])
    expect(await may()).toEqual({ update: [], delete: false, locked: true })
    await decide(people.manager, record, 'approve')
    await settle()
    expect(await locks()).toEqual([false])
    expect(await may()).toMatchObject({ update: expect.arrayContaining(['note']), locked: false })
    expect((await change()).status).toBe(200)
  })

  test('a case starts when the condition turns true, not on every write that keeps it true', async () => {
    const record = await submit('6000.00')
    await writeAsEngine(people.admin, record, { note: 'kept true' })
    const { body } = await api(people.admin)('GET', `/api/v1/flows/runs?object=registration&record=${record}`)
    expect(body.runs.length).toBe(1)
  })

  test('a rejected record submitted again gets a new case', async () => {
    const record = await submit('6500.00')
    await decide(people.manager, record, 'reject', { comment: 'again please', values: refusal })
    await settle()
    await writeAsEngine(people.sales, record, { state: 'submitted' })
    const { body } = await api(people.sales)('GET', `/api/v1/flows/runs?object=registration&record=${record}`)
    expect(body.runs.map((run: { status: string }) => run.status)).toEqual(['running', 'rejected'])
  })
})

describe('what can not go on by itself', () => {
  test('nobody to decide: administrators are asked', async () => {
    await server.services.owner.query(
      `UPDATE channelwright.membership SET status = 'inactive' WHERE user_id = $1`,
      [people.manager.user],
    )
    const record = await submit('7000.00')
    await server.services.owner.query(
      `UPDATE channelwright.membership SET status = 'active' WHERE user_id = $1`,
      [people.manager.user],
    )
    expect(await todo(people.manager, record)).toBeUndefined()
    expect(await todo(people.admin, record)).toBeDefined()
  })

  test('an effect that the record refuses is an incident; a retry after the cause is gone ends the case', async () => {
    const record = await submit('8000.00')
    // Behind the flow's back the record leaves the state that the action may move from.
    const table = `ws_flows.${deals.served.tables.get('registration')?.table}`
    await server.services.owner.query(`UPDATE ${table} SET state = 'lost' WHERE id = $1`, [record])
    await decide(people.manager, record, 'approve')
    await settle()
    const stuck = await runOf(people.admin, record)
    expect(stuck.status).toBe('incident')
    const { body: page } = await api(people.admin)('GET', '/api/v1/flows/flow-runs?status=incident')
    expect(page.runs.map((run: { id: string }) => run.id)).toContain(stuck.id)
    expect((await api(people.manager)('GET', '/api/v1/flows/flow-runs')).status).toBe(403)
    await server.services.owner.query(`UPDATE ${table} SET state = 'submitted' WHERE id = $1`, [record])
    const retried = await api(people.admin)('POST', `/api/v1/flows/runs/${stuck.id}/retry`, {
      body: { reason: 'state corrected', commandId: server.services.ids.next() },
    })
    expect(retried.status, retried.text).toBe(200)
    await settle()
    expect(await stateOf(record)).toMatchObject({ state: 'approved' })
  })

  test('an administrator ends a case for good', async () => {
    const record = await submit('8500.00')
    const run = await runOf(people.admin, record)
    const ended = await api(people.admin)('POST', `/api/v1/flows/runs/${run.id}/terminate`, {
      body: { reason: 'entered twice', commandId: server.services.ids.next() },
    })
    expect(ended.body.run.status).toBe('terminated')
    expect(await todo(people.manager, record)).toBeUndefined()
  })
})
