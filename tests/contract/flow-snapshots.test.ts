import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { callAs, type TestMember } from '../support/members.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { textField } from '../support/tiny-pack.ts'

// A flow may show a record as it was when a step began: what has changed since is named, as far as the reader may read
// it, and whoever decides has been told of it.

const key = 'snapshots'
let server: TestServer
let cast: RequestCast

/** The lead reads no secret, and notes only of requests that are open to all; at the lead's step reasons are filled in. */
function definitions(): Record<string, JsonObject> {
  const all = requestDefinitions()
  const request = all['objects/request.json'] as unknown as { schema: { properties: JsonObject } }
  request.schema.properties.note = textField('f_note', 'Note')
  request.schema.properties.secret = textField('f_secret', 'Secret')
  request.schema.properties.owner = {
    type: 'string',
    format: 'uuid',
    'x-field': 'user',
    'x-id': 'f_owner',
    title: 'Owner',
    'x-title': { zh: '负责人' },
  }
  request.schema.properties.parts = {
    type: 'array',
    'x-field': 'lines',
    'x-id': 'f_parts',
    title: 'Parts',
    'x-title': { zh: '明细' },
    maxItems: 20,
    'x-lines': { properties: { name: textField('c_name', 'Part') }, required: ['name'] },
  }
  const flow = all['flows/request_approval.json'] as unknown as { settings: JsonObject; nodes: JsonObject[] }
  flow.settings.view = 'snapshot'
  for (const node of flow.nodes) {
    if (node['x-id'] === 'n_lead') node.fields = { reason: 'rw' }
    if (node['x-id'] === 'n_finance') node.fields = { parts: 'hidden' }
  }
  const lead = all['grants/lead.json'] as unknown as { objects: { request: { read: JsonObject } } }
  lead.objects.request.read = { rows: true, fields: ['name', 'reason', 'parts', 'owner'] }
  all['grants/lead_open.json'] = {
    kind: 'grant/1',
    key: 'lead_open',
    'x-id': 'g_lead_open',
    title: word('Open notes'),
    role: 'lead',
    for: 'staff',
    objects: { request: { read: { rows: { '==': [{ var: 'name' }, 'Open'] }, fields: ['note'] } } },
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

async function submit(name: string) {
  const body = {
    name,
    reason: 'First',
    note: 'N1',
    secret: 'S1',
    owner: cast.lead.user,
    parts: [{ name: 'A' }],
  }
  const made = await api(cast.asker)('POST', at('records/request'), { body })
  expect(made.status, made.text).toBe(201)
  return made.body.record
}

async function change(record: string, body: JsonObject) {
  const { status, text } = await api(cast.asker)('PATCH', at(`records/request/${record}`), { body })
  expect(status, text).toBe(200)
}

async function taskOf(member: TestMember, record: string) {
  await drainJobs(server.services, key)
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  const task = body.tasks.find((one: { record: string }) => one.record === record)
  return task && (await api(member)('GET', at(`tasks/${task.id}`))).body
}

const approve = (
  member: TestMember,
  task: { id: string; rev: number; record_rev: number },
  more: JsonObject = {},
) =>
  api(member)('POST', at(`tasks/${task.id}/decision`), {
    body: {
      decision: 'approve',
      taskRev: task.rev,
      commandId: randomUUID(),
      seenVersion: task.record_rev,
      ...more,
    },
  })

test('a task shows the record as it was when its step began, and what has changed since as far as one may read it', async () => {
  const { id, rev } = await submit('Closed')
  const fresh = await taskOf(cast.lead, id)
  expect(fresh).toMatchObject({
    record_rev: rev,
    snapshot: { changed: [] },
    shown: { record: { reason: 'First' } },
  })
  await change(id, {
    reason: 'Second',
    note: 'N2',
    secret: 'S2',
    owner: cast.asker.user,
    parts: [{ name: 'B' }],
  })
  await change(id, { secret: 'S3' })
  const task = await taskOf(cast.lead, id)
  expect(task.snapshot.changed).toEqual(['reason', 'owner', 'parts'])
  expect(task.shown.record).toMatchObject({ reason: 'First', owner: cast.lead.user, parts: [{ name: 'A' }] })
  expect(task.shown.titles[cast.lead.user]).toBe('王敏')
  // Neither what the grants close, nor what they close on this row.
  expect(JSON.stringify(task)).not.toMatch(/S[123]|N[12]/)
  // What is filled in stands over the record as it is now.
  expect(task.filled_in.record.reason).toBe('Second')
  expect(task.record_rev).toBe(rev + 2)

  const late = await approve(cast.lead, fresh)
  expect([late.status, late.body.code]).toEqual([409, 'FLOW_RECORD_CHANGED'])
  expect((await approve(cast.lead, task, { values: { reason: 'Third' } })).status).toBe(200)

  const next = await taskOf(cast.finance, id)
  expect(next).toMatchObject({
    snapshot: { changed: [] },
    filled_in: null,
    shown: { record: { reason: 'Third' } },
  })
  // What was set back says the same again; what the step hides is not told of either.
  await change(id, { reason: 'Fourth', secret: 'S4', parts: [] })
  await change(id, { reason: 'Third' })
  const after = await taskOf(cast.finance, id)
  expect(after.snapshot.changed).toEqual(['secret'])
  expect(after.shown.record).toMatchObject({ reason: 'Third', secret: 'S3' })
  expect(after.shown.record).not.toHaveProperty('parts')
  // Whoever has decided sees what they saw.
  const done = await api(cast.lead)('GET', at(`tasks/${task.id}`))
  expect(done.body.shown.record).toMatchObject({ reason: 'First', parts: [{ name: 'A' }] })
})

test('on rows that open a column it is shown as it was, too', async () => {
  const { id } = await submit('Open')
  await change(id, { note: 'N2' })
  const task = await taskOf(cast.lead, id)
  expect(task.snapshot.changed).toEqual(['note'])
  expect(task.shown.record.note).toBe('N1')
})
