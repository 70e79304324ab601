import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callAs, type TestMember } from '../support/members.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { textField } from '../support/tiny-pack.ts'

// What people are kept from: seeing what a step hides, beginning a case twice, deciding on what they have not seen,
// moving a case from a screen that is out of date.

const key = 'guards'
const word = (text: string) => ({ en: text, zh: text })
let server: TestServer
let cast: RequestCast

/** The lead sees neither name nor reason and may note something; the finance people see all. */
function definitions(): Record<string, JsonObject> {
  const all = requestDefinitions()
  const request = all['objects/request.json'] as unknown as { schema: { properties: JsonObject } }
  request.schema.properties.note = textField('f_note', 'Note')
  const flow = all['flows/request_approval.json'] as unknown as { settings: JsonObject; nodes: JsonObject[] }
  flow.settings.summary = ['reason', 'note']
  for (const node of flow.nodes)
    if (node['x-id'] === 'n_lead')
      Object.assign(node, { form: 'lead_note', fields: { name: 'hidden', reason: 'hidden', note: 'rw' } })
  all['forms/lead_note.json'] = {
    kind: 'form/1',
    key: 'lead_note',
    'x-id': 'fo_note',
    title: word('Note'),
    purpose: 'task',
    object: 'request',
    steps: [
      {
        'x-id': 'ln_main',
        title: word('Note'),
        sections: [{ 'x-id': 'ln_1', rows: [['name', 'note'], ['reason']] }],
      },
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
const settle = () => drainJobs(server.services, key)

async function taskOf(member: TestMember, record: string) {
  await settle()
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  const task = body.tasks.find((one: { record: string }) => one.record === record)
  return task && (await api(member)('GET', at(`tasks/${task.id}`))).body
}

describe('what a step hides', () => {
  const secret = 'Nobody else may know why'

  test('does not travel with its tasks: not in lists, not on the screen, in no form, in no e-mail', async () => {
    const made = await api(cast.asker)('POST', at('records/request'), {
      body: { name: 'Veiled lamps', reason: secret, note: 'Plain' },
    })
    const record = made.body.record.id
    const task = await taskOf(cast.lead, record)
    expect(task.shown.record).toMatchObject({ id: record, note: 'Plain' })
    expect(task.title).toBeNull()
    expect(task.facts).toEqual({ note: 'Plain' })
    expect(task.form.definition.steps[0].sections[0].rows).toEqual([['note']])
    const told = [
      task,
      (await api(cast.lead)('GET', at('tasks'))).body,
      (await api(cast.lead)('GET', at('notifications'))).body,
      (await api(cast.keeper)('GET', at('kept-mail'))).body.mails.filter((mail: { recipient: string }) =>
        mail.recipient.startsWith(cast.lead.user),
      ),
    ]
    expect(told[3]).not.toHaveLength(0)
    for (const one of told) {
      expect(JSON.stringify(one)).not.toContain(secret)
      expect(JSON.stringify(one)).not.toContain('Veiled lamps')
    }
  })

  test('is not written by it, and is shown where the next step shows it', async () => {
    const record = await cast.submit('Open lamps')
    const task = await taskOf(cast.lead, record)
    const decide = (values: JsonObject) =>
      api(cast.lead)('POST', at(`tasks/${task.id}/decision`), {
        body: {
          decision: 'approve',
          taskRev: task.rev,
          commandId: randomUUID(),
          seenVersion: task.record_rev,
          values,
        },
      })
    const refused = await decide({ reason: 'Changed unseen' })
    expect([refused.status, refused.body.code]).toEqual([403, 'FLOW_FIELDS_NOT_OPEN'])
    expect((await decide({ note: 'Fine' })).status).toBe(200)
    const next = await taskOf(cast.finance, record)
    expect(next.title).toBe('Open lamps')
    expect(next.shown.record).toMatchObject({ name: 'Open lamps', note: 'Fine' })
    expect(next.shown.record.reason).toBe('Needed by the end of the month')
  })
})
