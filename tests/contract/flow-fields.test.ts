import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { preparePublish, publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { word } from '../support/flow-sketch.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { fieldsOf, putRow, textField, tinyPack } from '../support/tiny-pack.ts'

// Fields that go, or become something else, while cases are open that read and write them: said before, harmless after.

let server: TestServer
let workspace: Workspace
let chief: TestMember
const pack = (change: (all: Record<string, JsonObject>) => void = () => undefined) =>
  tinyPack((all) => {
    const fields = fieldsOf(all, 'objects/order.json')
    fields.grade = { ...textField('f_grade', 'Grade') }
    const ask = { type: 'approval', approvers: [{ kind: 'role', role: 'chief' }] }
    all['flows/check.json'] = {
      kind: 'flow/1',
      key: 'check',
      'x-id': 'w_check',
      title: word('Check'),
      object: 'order',
      trigger: { type: 'record', when: { startsWith: [{ var: 'code' }, 'C-'] } },
      settings: { withdraw: 'never', selfApproval: 'ask' },
      nodes: [
        { 'x-id': 'n_start', type: 'start', title: word('Start') },
        { 'x-id': 'n_ask', title: word('Ask'), ...ask, fields: { note: 'rw' } },
        {
          'x-id': 'n_set',
          type: 'action',
          title: word('Set'),
          effect: 'set_fields',
          with: {
            amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, 1] },
            grade: { cat: [{ '??': [{ var: 'grade' }, ''] }, '!'] },
          },
        },
        { 'x-id': 'n_split', type: 'condition', title: word('Large?') },
        { 'x-id': 'n_more', title: word('Ask again'), ...ask },
        { 'x-id': 'n_merge', type: 'merge', title: word('Merge') },
        { 'x-id': 'n_end', type: 'end', title: word('End'), outcome: 'approved' },
      ],
      edges: [
        ['n_start', 'n_ask'],
        ['n_ask', 'n_set', 'approved'],
        ['n_ask', 'n_merge', 'rejected'],
        ['n_set', 'n_split'],
        ['n_split', 'n_more', { when: { '>': [{ '??': [{ var: 'amount' }, 0] }, 100] }, 'x-order': 'a' }],
        ['n_split', 'n_merge', { default: true, 'x-order': 'b' }],
        ['n_more', 'n_merge', 'approved'],
        ['n_more', 'n_merge', 'rejected'],
        ['n_merge', 'n_end'],
      ].map(([from, to, more], at) => ({
        'x-id': `e${at}`,
        from,
        to,
        ...(typeof more === 'string' ? { exit: more } : (more as JsonObject)),
      })) as JsonObject[],
    }
    change(all)
  })

beforeAll(async () => {
  server = await startTestServer()
  const { services } = server
  workspace = await createWorkspace(services, { key: 'fields', title: word('Fields'), timeZone: 'UTC' })
  await publishSources(services, workspace, pack())
  chief = await addMember(services, workspace, { name: 'Chu Chief', roles: ['chief'] })
}, 120_000)

afterAll(() => server?.close())

/** Without its flow, whose later cases would not pass the checks; cases that are open need it no more. */
function gone(all: Record<string, JsonObject>): void {
  delete all['flows/check.json']
  const fields = fieldsOf(all, 'objects/order.json')
  delete fields.note
  fields.grade = {
    type: 'integer',
    'x-field': 'integer',
    'x-id': 'f_grade',
    title: 'Grade',
    'x-title': { zh: 'Grade' },
  }
}

test('what open cases read and write is named before it goes, and they come to their end without it', async () => {
  const { services } = server
  const ask = callAs(server.url, chief)
  const org = await putRow(services, workspace, 'org', { name: 'Any' })
  for (const code of ['C-1', 'C-2']) {
    const made = await ask('POST', '/api/v1/fields/records/order', {
      body: { org, code, note: 'kept', amount: code === 'C-1' ? '10.00' : '500.00', grade: 'A' },
    })
    expect(made.status, made.text).toBe(201)
  }
  const planned = await preparePublish(services, workspace, pack(gone))
  const told = planned.diagnostics.filter(({ code }) => code === 'PUBLISH_FIELD_IN_CASES')
  expect(told.map(({ severity, path, message }) => [severity, path, message.en])).toEqual([
    [
      'warning',
      '/schema/properties/note',
      '2 open cases read or write "Note", which leaves the release: check@1 (2). They go on with what it was.',
    ],
    [
      'warning',
      '/schema/properties/grade',
      '2 open cases read or write "Grade", which gets another type: check@1 (2). They go on with what it was.',
    ],
  ])
  const steps = planned.steps.filter(({ field }) => field === 'note' || field === 'grade')
  expect(steps.map(({ action, destructive, confirm }) => [action, destructive, confirm])).toEqual(
    expect.arrayContaining([
      ['convert_field', true, 'order.grade'],
      ['retire_field', true, 'order.note'],
    ]),
  )
  for (const { words } of steps) expect(words.en).toContain('check@1 (2)')

  await publishSources(services, workspace, pack(gone), { confirmed: 'all' })
  // Once more: by now no release but that of the cases knows the columns.
  await publishSources(
    services,
    workspace,
    pack((all) => {
      gone(all)
      all['objects/org.json']!.title = word('Organization')
    }),
    { confirmed: 'all' },
  )
  for (let round = 0; round < 2; round++) {
    for (const task of (await ask('GET', '/api/v1/fields/tasks')).body.tasks) {
      const decided = await ask('POST', `/api/v1/fields/tasks/${task.id}/decision`, {
        body: { decision: 'approve', taskRev: task.rev, commandId: services.ids.next() },
      })
      expect(decided.status, decided.text).toBe(200)
    }
    await drainJobs(services, 'fields')
  }
  const { rows } = await services.owner.query(
    `SELECT r.status, (SELECT array_agg(a.incident) FROM ws_fields.cw_activation a
       WHERE a.run = r.id AND a.incident IS NOT NULL) AS incidents FROM ws_fields.cw_run r`,
  )
  expect(rows).toEqual([
    { status: 'approved', incidents: null },
    { status: 'approved', incidents: null },
  ])
  const { rows: orders } = await services.owner.query('SELECT amount FROM ws_fields."order" ORDER BY code')
  expect(orders.map(({ amount }) => amount)).toEqual(['11.00', '501.00'])
})
