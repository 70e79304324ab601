import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { readWorkspace } from '@channelwright/server/publish/workspace.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// What people are shown of what waits for them: numbers, answers, notes.

const key = 'side'
const word = (text: string) => ({ en: text, zh: text })
let server: TestServer
let cast: RequestCast

/** A case may end in two ways that come to the same. */
function definitions(): Record<string, JsonObject> {
  const all = requestDefinitions()
  const end = (id: string, title: string) => ({
    'x-id': id,
    type: 'end',
    title: word(title),
    outcome: 'settled',
  })
  all['flows/two_ends.json'] = {
    kind: 'flow/1',
    key: 'two_ends',
    'x-id': 'fl_ends',
    title: word('Two ends'),
    object: 'request',
    trigger: { type: 'button', label: word('Settle'), roles: ['asker'] },
    nodes: [
      { 'x-id': 'e_start', type: 'start', title: word('Asked') },
      {
        'x-id': 'e_ask',
        type: 'approval',
        title: word('Is it simple?'),
        approvers: [{ kind: 'role', role: 'legal' }],
      },
      end('e_simple', 'Settled at once'),
      end('e_long', 'Settled by a talk'),
    ],
    edges: [
      { 'x-id': 'ee1', from: 'e_start', to: 'e_ask' },
      { 'x-id': 'ee2', from: 'e_ask', exit: 'approved', to: 'e_simple' },
      { 'x-id': 'ee3', from: 'e_ask', exit: 'rejected', to: 'e_long' },
    ],
  }
  return all
}

beforeAll(async () => {
  server = await startTestServer()
  cast = await castRequests(server, key, requestSources(definitions()))
}, 120_000)

afterAll(() => server?.close())

const api = (member: TestMember) => callAs(server.url, member)
const at = (path: string) => `/api/v1/${key}/${path}`
const commandId = () => server.services.ids.next()
const settle = () => drainJobs(server.services, key)
const counts = async () => (await api(cast.lead)('GET', at('tasks'))).body.counts

async function taskOf(record: string) {
  const { body } = await api(cast.lead)('GET', at('tasks?limit=200'))
  return body.tasks.find((task: { record: string }) => task.record === record)
}

async function approve(record: string) {
  const task = await taskOf(record)
  const body = { decision: 'approve', taskRev: task.rev, commandId: commandId() }
  const answer = await api(cast.lead)('POST', at(`tasks/${task.id}/decision`), { body })
  expect(answer.status, answer.text).toBe(200)
  await settle()
}

async function act(run: string, command: string) {
  const body = { reason: 'asked for', commandId: commandId() }
  const answer = await api(cast.keeper)('POST', at(`runs/${run}/${command}`), { body })
  expect(answer.status, answer.text).toBe(200)
}

describe('numbers', () => {
  test('no more tasks are overdue than there are: of those decided and those still open', async () => {
    const [first] = [await cast.submit('one'), await cast.submit('two'), await cast.submit('three')]
    await cast.submit('four')
    await approve(first)
    const before = await api(cast.keeper)('GET', at('flow-figures'))
    // The lead's four, and the two that the approval opened.
    expect(before.body.tasks).toEqual({ decided: 1, open: 5, overdue: 0 })
    server.clock.advance({ hours: 3 })
    await settle()
    const after = await api(cast.keeper)('GET', at('flow-figures'))
    expect(after.body.tasks).toEqual({ decided: 1, open: 5, overdue: 3 })
    const lead = after.body.nodes.find((row: { node: string }) => row.node === 'n_lead')
    expect(lead).toMatchObject({
      decided: 1,
      open: 3,
      overdue: 3,
      flow_title: { en: 'Approval of requests' },
    })
  })
})

describe('a suspended case', () => {
  test('asks nobody: no answers, not counted, said so, and all of it again when it goes on', async () => {
    const record = await cast.submit('suspended')
    const before = await counts()
    const { id } = await taskOf(record)
    const { run } = (await api(cast.lead)('GET', at(`tasks/${id}`))).body
    await act(run, 'suspend')
    expect(await counts()).toMatchObject({ todo: before.todo - 1 })
    expect(await taskOf(record)).toMatchObject({ state: 'pending', suspended: true, batch: false })
    const still = (await api(cast.lead)('GET', at(`tasks/${id}`))).body
    expect(still).toMatchObject({ suspended: true, decisions: [], writable: [], commands: [] })
    await act(run, 'resume')
    expect(await counts()).toMatchObject({ todo: before.todo })
    const again = (await api(cast.lead)('GET', at(`tasks/${id}`))).body
    expect(again.suspended).toBe(false)
    expect(again.decisions.map((one: { key: string }) => one.key)).toEqual(['approve', 'reject'])
  })
})

describe('notes', () => {
  test('that a task waits is read when it waits no longer, whoever dealt with it', async () => {
    const unread = async () =>
      (await api(cast.lead)('GET', at('notifications?limit=200'))).body.notifications.filter(
        (note: { read_at: string | null }) => note.read_at === null,
      )
    const record = await cast.submit('noted')
    const [decided, other] = [await taskOf(record), await taskOf(await cast.submit('ended'))]
    const notes = async (task: { id: string }) =>
      (await unread()).filter((note: { task: string }) => note.task === task.id).length
    expect([await notes(decided), await notes(other)]).toEqual([1, 1])
    const { notifications } = await counts()
    await approve(record)
    expect([await notes(decided), await notes(other)]).toEqual([0, 1])
    expect((await counts()).notifications).toBe(notifications - 1)
    const { run } = (await api(cast.lead)('GET', at(`tasks/${other.id}`))).body
    await act(run, 'terminate')
    const closed = await api(cast.keeper)('GET', at('flow-runs?state=closed'))
    expect(closed.body.runs[0]).toMatchObject({ status: 'terminated', outcome_title: null })
    expect(await notes(other)).toBe(0)
  })
})

describe('people to choose from', () => {
  test('those of one name are told apart by their e-mails, and nobody else is told by it', async () => {
    const workspace = (await readWorkspace(server.services, key))!
    const other = await addMember(server.services, workspace, { name: '孙悦', roles: ['asker'] })
    const { body } = await api(cast.lead)('GET', at('people'))
    const found = (id: string) => body.people.find((one: { id: string }) => one.id === id)
    expect(found(other.user).email).toMatch(/@/)
    expect(found(cast.deputy.user).email).toMatch(/@/)
    expect(found(other.user).email).not.toBe(found(cast.deputy.user).email)
    expect(found(cast.finance.user)).not.toHaveProperty('email')
  })
})

describe('a closed case', () => {
  test('is called by the end that it reached, on its page, on its record and in lists', async () => {
    const record = await cast.submit('Ended twice')
    const started = await api(cast.asker)('POST', at('flows/two_ends/start'), { body: { record } })
    await settle()
    const { body } = await api(cast.legal)('GET', at('tasks?flow=two_ends'))
    const [task] = body.tasks
    const decision = { decision: 'reject', taskRev: task.rev, commandId: commandId() }
    expect((await api(cast.legal)('POST', at(`tasks/${task.id}/decision`), { body: decision })).status).toBe(
      200,
    )
    await settle()
    const ended = { id: started.body.run, outcome: 'settled', outcome_title: word('Settled by a talk') }
    expect((await api(cast.keeper)('GET', at(`runs/${ended.id}`))).body).toMatchObject(ended)
    for (const list of ['flow-runs?state=closed&flow=two_ends', `runs?object=request&record=${record}`])
      expect((await api(cast.keeper)('GET', at(list))).body.runs, list).toContainEqual(
        expect.objectContaining(ended),
      )
    const mine = await api(cast.asker)('GET', at('inbox/runs?box=started&flow=two_ends'))
    expect(mine.body.runs).toMatchObject([ended])
  })
})

describe('what cases are narrowed to', () => {
  test('flows with closed cases alone that the release has no more, or that no grant of the administrator names', async () => {
    const workspace = (await readWorkspace(server.services, key))!
    const record = await cast.submit('Looked at once')
    const picks = { l_first: [cast.finance.user] }
    const started = await api(cast.asker)('POST', at('flows/second_look/start'), { body: { record, picks } })
    expect(started.status, started.text).toBe(200)
    await act(started.body.run, 'terminate')
    const rest = definitions()
    delete rest['flows/second_look.json']
    for (const [path, grant] of Object.entries(rest))
      if (path.startsWith('grants/')) {
        const { flows } = grant as { flows: JsonObject }
        delete flows.second_look
        if (path === 'grants/keeper.json') delete flows.request_approval
      }
    await publishSources(server.services, workspace, requestSources(rest), { confirmed: 'all' })
    const { body } = await api(cast.keeper)('GET', at('flow-versions'))
    expect(body.cases).toEqual([
      { key: 'request_approval', title: { en: 'Approval of requests', zh: '申请审批' } },
      { key: 'second_look', title: { en: 'Second look', zh: '复核' } },
      { key: 'two_ends', title: word('Two ends') },
    ])
    const { body: page } = await api(cast.keeper)('GET', at('flow-runs?state=closed&flow=second_look'))
    expect(page.runs).toMatchObject([{ id: started.body.run, flow: { key: 'second_look' } }])
  })
})
