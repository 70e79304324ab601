import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { readWorkspace } from '@channelwright/server/publish/workspace.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// Whoever decides may let others read the case: once each, kept with who did it, and nothing more than a copy by a step.

const key = 'copies'
let server: TestServer
let cast: RequestCast
/** Whoever is copied to: sees no flow by their grants, and of requests the names. */
let reader: TestMember

beforeAll(async () => {
  const all = requestDefinitions()
  all['grants/reader.json'] = {
    kind: 'grant/1',
    key: 'reader',
    'x-id': 'g_reader',
    title: word('Reader'),
    role: 'reader',
    for: 'staff',
    objects: { request: { read: { rows: true, fields: ['name'] } } },
  }
  const flow = all['flows/request_approval.json'] as unknown as { nodes: JsonObject[] }
  for (const node of flow.nodes) if (node['x-id'] === 'n_finance') node.actions = ['return']
  server = await startTestServer()
  cast = await castRequests(server, key, requestSources(all))
  const workspace = await readWorkspace(server.services, key)
  reader = await addMember(server.services, workspace, { name: 'Rita Reader', roles: ['reader'] })
}, 120_000)

afterAll(() => server?.close())

const api = (member: TestMember) => callAs(server.url, member)
const at = (path: string) => `/api/v1/${key}/${path}`

async function taskOf(member: TestMember, record: string) {
  await drainJobs(server.services, key)
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  const task = body.tasks.find((one: { record: string }) => one.record === record)
  return task && (await api(member)('GET', at(`tasks/${task.id}`))).body
}

async function give(member: TestMember, task: { id: string; rev: number }, what: string, said: JsonObject) {
  const path = at(`tasks/${task.id}/${what}`)
  return api(member)('POST', path, { body: { taskRev: task.rev, commandId: randomUUID(), ...said } })
}

const copiesOf = async (member: TestMember) =>
  (await api(member)('GET', at('inbox/runs?box=copied'))).body.runs as { id: string; record: string }[]

test('a decision copies the case to people: they read it and its record as far as their grants go, and are told once', async () => {
  const record = await cast.submit('Copied lamps')
  const task = await taskOf(cast.lead, record)
  expect(task.copies).toBe(true)
  const page = () => api(reader)('GET', at(`runs/${task.run}`))
  expect((await page()).status).toBe(404)
  const cc = [reader.user, cast.asker.user]
  const answer = await give(cast.lead, task, 'decision', { decision: 'approve', cc })
  expect(answer.status, answer.text).toBe(200)
  // In the very transaction of the decision: no job has run since.
  const { body: run, status } = await page()
  expect(status).toBe(200)
  expect(run.copies).toMatchObject([{ reader: { name: 'Rita Reader' }, node: 'n_lead', read_at: null }])
  const line = run.timeline.find(({ type }: { type: string }) => type === 'copied')
  expect(line).toMatchObject({
    by: { id: cast.lead.user },
    sentence: {
      en: '王敏 copied it to Rita Reader at "Team lead"',
      zh: '王敏在“主管审批”抄送Rita Reader',
    },
  })
  expect(await copiesOf(reader)).toMatchObject([{ record }])
  expect((await api(reader)('GET', at('tasks'))).body.counts).toMatchObject({ copied: 1, notifications: 1 })
  const shown = await api(reader)('GET', at(`records/request/${record}`))
  expect(shown.body.record).not.toHaveProperty('reason')
  expect((await api(reader)('POST', at(`runs/${task.run}/read`))).status).toBeLessThan(300)
  expect((await api(reader)('GET', at('tasks'))).body.counts).toMatchObject({ copied: 0 })

  // Another step copies it to the same person: read once is read.
  const legal = await taskOf(cast.legal, record)
  const back = await give(cast.legal, legal, 'send_back', { to: 'n_lead', cc: [reader.user] })
  expect(back.status, back.text).toBe(200)
  const after = (await page()).body
  expect(after.copies).toHaveLength(1)
  expect(after.copies[0].read_at).not.toBeNull()
  expect((await api(reader)('GET', at('tasks'))).body.counts).toMatchObject({ copied: 0, notifications: 1 })
})

test('not where the step does not offer it, not with a batch, not to outside people of others; and then nothing is decided', async () => {
  const record = await cast.submit('Uncopied lamps')
  const task = await taskOf(cast.lead, record)
  const outside = await addMember(server.services, await readWorkspace(server.services, key), {
    name: 'Otto Outside',
    roles: ['reader'],
    partner: randomUUID(),
  })
  for (const user of [outside.user, randomUUID()]) {
    const refused = await give(cast.lead, task, 'decision', { decision: 'approve', cc: [user] })
    expect([refused.status, refused.body.code]).toEqual([403, 'FLOW_COPY_OUTSIDE'])
  }
  const items = [{ task: task.id, taskRev: task.rev, commandId: randomUUID(), cc: [reader.user] }]
  const batch = await api(cast.lead)('POST', at('tasks/batch'), { body: { decision: 'approve', items } })
  expect(batch.status).toBe(400)
  expect((await give(cast.lead, task, 'decision', { decision: 'approve' })).status).toBe(200)
  const finance = await taskOf(cast.finance, record)
  expect(finance.copies).toBe(false)
  const sendBack = finance.commands.find(({ name }: { name: string }) => name === 'send_back')
  expect(Object.keys(sendBack.payload.properties)).not.toContain('cc')
  const refused = await give(cast.finance, finance, 'decision', { decision: 'approve', cc: [reader.user] })
  expect([refused.status, refused.body.code]).toEqual([403, 'FLOW_ACTION_OFF'])
  expect((await copiesOf(reader)).some((run) => run.record === record)).toBe(false)
})
