import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { readWorkspace } from '@channelwright/server/publish/workspace.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
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
    if (node['x-id'] === 'n_finance') node.timeouts = [{ after: 2, unit: 'day', do: 'escalate' }]
    else if (node['x-id'] === 'n_lead')
      Object.assign(node, { form: 'lead_note', fields: { name: 'hidden', reason: 'hidden', note: 'rw' } })
  // Over at once, so that no open case keeps a second start away.
  all['flows/stamp.json'] = {
    kind: 'flow/1',
    key: 'stamp',
    'x-id': 'fl_stamp',
    title: word('Stamp'),
    object: 'request',
    trigger: { type: 'button', label: word('Stamp'), roles: ['asker', 'lead'] },
    nodes: [
      { 'x-id': 's_start', type: 'start', title: word('Start') },
      {
        'x-id': 's_set',
        type: 'action',
        title: word('Stamp it'),
        effect: 'set_fields',
        with: { note: { cat: [{ '??': [{ var: 'note' }, ''] }, '+'] } },
      },
      {
        'x-id': 's_tell',
        type: 'action',
        title: word('Tell'),
        effect: 'notify',
        with: {
          to: [{ kind: 'role', role: 'legal' }],
          title: word('Mind the stamp'),
          text: word('It is still wet.'),
        },
      },
      { 'x-id': 's_end', type: 'end', title: word('Stamped'), outcome: 'done' },
    ],
    edges: [
      { 'x-id': 'se1', from: 's_start', to: 's_set' },
      { 'x-id': 'se2', from: 's_set', to: 's_tell' },
      { 'x-id': 'se3', from: 's_tell', to: 's_end' },
    ],
  }
  // Whoever is asked there may read no request.
  all['grants/guest.json'] = {
    kind: 'grant/1',
    key: 'guest',
    'x-id': 'g_guest',
    title: word('Guest'),
    role: 'guest',
    for: 'staff',
    objects: {},
  }
  all['flows/odd.json'] = {
    kind: 'flow/1',
    key: 'odd',
    'x-id': 'fl_odd',
    title: word('Odd'),
    object: 'request',
    trigger: { type: 'record', when: { '==': [{ var: 'name' }, 'Odd'] } },
    settings: { summary: ['reason'] },
    nodes: [
      { 'x-id': 'o_start', type: 'start', title: word('Start') },
      {
        'x-id': 'o_ask',
        type: 'approval',
        title: word('Ask'),
        approvers: [{ kind: 'role', role: 'guest' }],
        onReject: { do: 'end' },
      },
      { 'x-id': 'o_end', type: 'end', title: word('Done'), outcome: 'approved' },
    ],
    edges: [
      { 'x-id': 'oe1', from: 'o_start', to: 'o_ask' },
      { 'x-id': 'oe2', from: 'o_ask', exit: 'approved', to: 'o_end' },
    ],
  }
  for (const role of ['asker', 'lead', 'finance', 'legal', 'keeper'])
    Object.assign((all[`grants/${role}.json`] as { flows: JsonObject }).flows, { stamp: ['see'] })
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

test('whoever may read nothing of a record has the task all the same, without it', async () => {
  const workspace = await readWorkspace(server.services, key)
  const guest = await addMember(server.services, workspace, { name: 'Gus Guest', roles: ['guest'] })
  const record = await cast.submit('Odd')
  await settle()
  const { status, body, text } = await api(guest)('GET', at('tasks'))
  expect(status, text).toBe(200)
  expect(body.tasks).toMatchObject([{ record, title: null, facts: {} }])
  expect((await api(guest)('GET', at('tasks?search=Odd'))).body.tasks).toEqual([])
  const task = await api(guest)('GET', at(`tasks/${body.tasks[0].id}`))
  expect(task.body).toMatchObject({ shown: null, title: null })
  const decision = { decision: 'approve', taskRev: task.body.rev, commandId: randomUUID() }
  const answer = await api(guest)('POST', at(`tasks/${task.body.id}/decision`), { body: decision })
  expect(answer.status, answer.text).toBe(200)
})

describe('a start by a button', () => {
  test('sent again under its Idempotency-Key is answered again and begins nothing, though its case has ended', async () => {
    const record = await cast.submit('Stamped once')
    const start = async (headers: Record<string, string>, body: JsonObject = { record }) => {
      const answer = await api(cast.asker)('POST', at('flows/stamp/start'), { body, headers })
      await settle()
      return answer
    }
    const note = async () => (await api(cast.asker)('GET', at(`records/request/${record}`))).body.record.note
    const once = { 'idempotency-key': randomUUID() }
    const first = await start(once)
    expect([first.status, await note()]).toEqual([200, '+'])
    const again = await start(once)
    expect([again.status, again.body.run, await note()]).toEqual([200, first.body.run, '+'])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const other = await start(once, { record: await cast.submit('Another') })
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT'])
    // Two at once under one key, and a start that is meant anew.
    const twice = { 'idempotency-key': randomUUID() }
    const both = await Promise.all([1, 2, 3].map(() => start(twice)))
    expect(new Set(both.map(({ body }) => body.run)).size).toBe(1)
    expect(both[0]?.body.run).not.toBe(first.body.run)
    expect(await note()).toBe('++')
  })
})

describe('a record that has changed since it was shown', () => {
  const change = (record: string) =>
    api(cast.asker)('PATCH', at(`records/request/${record}`), { body: { reason: 'Quite another thing' } })
  const listed = async (member: TestMember, record: string) =>
    (await api(member)('GET', at('tasks?limit=200'))).body.tasks.find(
      (one: { record: string }) => one.record === record,
    )

  /** A case that waits for finance, whose step needs nothing but a click. */
  async function atFinance(name: string): Promise<string> {
    const record = await cast.submit(name)
    const task = await taskOf(cast.lead, record)
    const body = {
      decision: 'approve',
      taskRev: task.rev,
      commandId: randomUUID(),
      seenVersion: task.record_rev,
      values: {},
    }
    expect((await api(cast.lead)('POST', at(`tasks/${task.id}/decision`), { body })).status).toBe(200)
    await settle()
    return record
  }

  test('is not approved together with others, nor one by one', async () => {
    const [stale, fresh] = [await atFinance('Stale'), await atFinance('Fresh')]
    const items = await Promise.all(
      [stale, fresh].map(async (record) => {
        const task = await listed(cast.finance, record)
        return {
          task: task.id,
          taskRev: task.rev,
          commandId: randomUUID(),
          seenVersion: task.record_rev,
        }
      }),
    )
    expect((await change(stale)).status).toBe(200)
    const batch = await api(cast.finance)('POST', at('tasks/batch'), { body: { decision: 'approve', items } })
    expect(batch.body.results).toMatchObject([
      { done: false, problem: { code: 'FLOW_RECORD_CHANGED' } },
      { done: true, problem: null },
    ])
    const now = await listed(cast.finance, stale)
    const { task, ...body } = items[0]!
    const refused = await api(cast.finance)('POST', at(`tasks/${task}/decision`), {
      body: { ...body, decision: 'approve' },
    })
    expect([refused.status, refused.body.code]).toEqual([409, 'FLOW_RECORD_CHANGED'])
    expect(refused.body.details).toContainEqual(
      expect.objectContaining({ path: '/current/record_rev', message: String(now.record_rev) }),
    )
  })

  test('is not decided by a link of an e-mail that was written before', async () => {
    const record = await atFinance('By e-mail')
    const mails = (await api(cast.keeper)('GET', at('kept-mail'))).body.mails
    const mail = mails.find(
      (one: { recipient: string; subject: string }) =>
        one.recipient.startsWith(cast.finance.user) && one.subject.includes('By e-mail'),
    )
    const [link] = mail.body.match(/\/api\/v1\/guards\/mail-links\/[\w.-]+/)
    expect((await fetch(`${server.url}${link}`)).status).toBe(200)
    expect((await change(record)).status).toBe(200)
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${server.url}${link}`, { method })
      expect([answer.status, await answer.text()]).toEqual([
        410,
        expect.stringContaining('has changed since this e-mail'),
      ])
    }
    expect(await listed(cast.finance, record)).toBeDefined()
  })
})

describe('an intervention', () => {
  const runOf = async (record: string) =>
    (await api(cast.keeper)('GET', at(`runs?object=request&record=${record}`))).body.runs[0]
  const give = (run: string, command: string, body: JsonObject) =>
    api(cast.keeper)('POST', at(`runs/${run}/${command}`), { body: { commandId: randomUUID(), ...body } })

  test('from a screen that is out of date is refused, with where the case stands now', async () => {
    const record = await cast.submit('Moved on')
    const task = await taskOf(cast.lead, record)
    const seen = await runOf(record)
    const decision = { decision: 'approve', taskRev: task.rev, commandId: randomUUID(), values: {} }
    expect((await api(cast.lead)('POST', at(`tasks/${task.id}/decision`), { body: decision })).status).toBe(
      200,
    )
    await settle()
    const now = await runOf(record)
    const stale: readonly (readonly [string, JsonObject])[] = [
      ['jump', { node: 'n_lead', reason: 'Once more' }],
      ['suspend', { reason: 'Hold it' }],
      ['terminate', { reason: 'No longer needed' }],
    ]
    for (const [command, body] of stale) {
      const refused = await give(seen.id, command, { ...body, runRev: seen.rev })
      expect([refused.status, refused.body.code], command).toEqual([409, 'FLOW_RUN_STALE'])
      const told = Object.fromEntries(
        refused.body.details.map(({ path, message }: { path: string; message: string }) => [path, message]),
      )
      expect(told).toMatchObject({
        '/current/run/status': 'running',
        '/current/run/rev': String(now.rev),
        '/current/run/nodes/n_finance': 'Finance',
      })
    }
    const withdrawn = await api(cast.asker)('POST', at(`runs/${seen.id}/withdraw`), {
      body: { commandId: randomUUID(), runRev: seen.rev },
    })
    expect([withdrawn.status]).toEqual([409])
    expect((await give(seen.id, 'suspend', { reason: 'Hold it', runRev: now.rev })).status).toBe(200)
    expect((await give(seen.id, 'resume', { reason: 'Go on' })).status).toBe(200)

    const old = await api(cast.finance)('GET', at('tasks?limit=200'))
    const open = old.body.tasks.find((one: { record: string }) => one.record === record)
    const late = await api(cast.finance)('POST', at(`tasks/${open.id}/decision`), {
      body: { decision: 'approve', taskRev: open.rev + 7, commandId: randomUUID() },
    })
    expect([late.status, late.body.code]).toEqual([409, 'FLOW_TASK_STALE'])
    expect(late.body.details).toContainEqual({
      path: '/current/task/rev',
      code: 'FLOW_TASK_STALE',
      message: String(open.rev),
    })
  })

  test('needs a reason that says something', async () => {
    const record = await cast.submit('Blank')
    await settle()
    const { id } = await runOf(record)
    for (const reason of ['   ', '\u3000', ''])
      expect((await give(id, 'terminate', { reason })).status, JSON.stringify(reason)).toBe(400)
    expect((await give(id, 'terminate', { reason: '  Not needed  ' })).status).toBe(200)
    const ended = await runOf(record)
    const told = ended.timeline.find(({ type }: { type: string }) => type === 'terminated')
    expect(told.comment).toBe('Not needed')
  })
})

describe('an e-mail about a case', () => {
  const mailTo = async (member: TestMember, about: string) =>
    (await api(cast.keeper)('GET', at('kept-mail'))).body.mails.find(
      (mail: { recipient: string; subject: string }) =>
        mail.recipient.startsWith(member.user) && mail.subject.includes(about),
    )

  test('names the record, says until when, and leads to the case', async () => {
    const record = await cast.submit('Mailed lamps')
    const task = await taskOf(cast.lead, record)
    const decide = (member: TestMember, one: { id: string; rev: number }, decision: string) =>
      api(member)('POST', at(`tasks/${one.id}/decision`), {
        body: { decision, taskRev: one.rev, commandId: randomUUID(), comment: 'Seen' },
      })
    expect((await decide(cast.lead, task, 'approve')).status).toBe(200)
    const open = await taskOf(cast.finance, record)
    const asked = await mailTo(cast.finance, 'Mailed lamps')
    expect(asked.subject).toBe('Finance: Mailed lamps')
    expect(asked.body).toContain('李娜 submitted Mailed lamps (Approval of requests).')
    // In the time zone of the workspace.
    const due = new Date(Date.parse(open.due_at) + 8 * 3_600_000).toISOString().slice(11, 16)
    expect(asked.body).toMatch(new RegExp(`Please act by .* ${due}\\.`))
    expect((await decide(cast.finance, open, 'reject')).status).toBe(200)
    await settle()
    const ended = await mailTo(cast.asker, 'Mailed lamps')
    expect(ended.subject).toBe('Mailed lamps (Approval of requests): rejected')
    expect(ended.body).toContain(`/w/${key}/runs/${open.run}`)
  })

  test('that a flow writes has its own heading', async () => {
    const record = await cast.submit('Stamped lamps')
    const { body } = await api(cast.asker)('POST', at('flows/stamp/start'), { body: { record } })
    await settle()
    const mail = await mailTo(cast.legal, 'Stamped lamps')
    expect(mail.subject).toBe('Mind the stamp · Stamped lamps (Stamp)')
    expect(mail.body).toContain('It is still wet.')
    expect(mail.body).toContain(`/w/${key}/runs/${body.run}`)
  })
})
