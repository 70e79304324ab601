import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { preparePublish, publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { dropWorkspace, readWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAs, type TestMember } from '../support/members.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { textField } from '../support/tiny-pack.ts'

// What open cases refer to stays: fields that their release reads, objects that they are about, releases and texts.

const key = 'keeping'
let server: TestServer
let cast: RequestCast
let workspace: Workspace

/** The first release: large requests go to finance as well. */
function withSize() {
  const definitions = requestDefinitions()
  const object = definitions['objects/request.json'] as { schema: { properties: object } }
  Object.assign(object.schema.properties, { size: textField('f_size', 'Size') })
  const flow = definitions['flows/request_approval.json'] as { nodes: { 'x-id': string }[]; edges: object[] }
  const title = { en: 'x', zh: 'x' }
  flow.nodes = [
    ...flow.nodes.filter((node) => ['n_start', 'n_lead', 'n_finance', 'n_end'].includes(node['x-id'])),
    { 'x-id': 'n_size', type: 'condition', title } as never,
    { 'x-id': 'n_merge', type: 'merge', title } as never,
  ]
  flow.edges = [
    { 'x-id': 'e1', from: 'n_start', to: 'n_lead' },
    { 'x-id': 'e2', from: 'n_lead', exit: 'approved', to: 'n_size' },
    {
      'x-id': 'e3',
      from: 'n_size',
      to: 'n_finance',
      when: { '==': [{ '??': [{ var: 'size' }, ''] }, 'large'] },
      'x-order': 'a0',
    },
    { 'x-id': 'e4', from: 'n_size', to: 'n_merge', default: true, 'x-order': 'a1' },
    { 'x-id': 'e5', from: 'n_finance', exit: 'approved', to: 'n_merge' },
    { 'x-id': 'e6', from: 'n_merge', to: 'n_end' },
  ]
  return requestSources(definitions)
}

/** The same words about another object: the one before is gone. */
const withoutObject = () =>
  requestSources().map((source) => ({ ...source, text: source.text.replaceAll('"o_request"', '"o_other"') }))

beforeAll(async () => {
  server = await startTestServer()
  cast = await castRequests(server, key, withSize())
  workspace = await readWorkspace(server.services, key)
}, 120_000)

afterAll(() => server?.close())

const at = (path: string) => `/api/v1/${key}/${path}`
const api = (member: TestMember) => callAs(server.url, member)

async function runOf(record: string) {
  const { body } = await api(cast.keeper)('GET', at(`runs?object=request&record=${record}`))
  return body.runs[0]
}

async function approve(member: TestMember) {
  const { body } = await api(member)('GET', at('tasks'))
  const [task] = body.tasks
  const shown = await api(member)('GET', at(`tasks/${task.id}`))
  expect(shown.status, shown.text).toBe(200)
  const answer = await api(member)('POST', at(`tasks/${task.id}/decision`), {
    body: { decision: 'approve', taskRev: task.rev, commandId: server.services.ids.next() },
  })
  expect(answer.status, answer.text).toBe(200)
  await drainJobs(server.services, key)
}

test('a field goes while an open case decides by it: that is said, and the case goes on with the value it has', async () => {
  const record = await cast.submit('Forklifts')
  await server.services.owner.query(`UPDATE ws_${key}.request SET size = 'large' WHERE id = $1`, [record])
  const { steps } = await preparePublish(server.services, workspace, requestSources())
  const [step] = steps.filter(({ action }) => action === 'retire_field')
  expect(step?.words.en).toContain('1 open cases make use of it')
  await publishSources(server.services, workspace, requestSources(), { confirmed: 'all' })
  await approve(cast.lead)
  const run = await runOf(record)
  expect(run).toMatchObject({ release: 1, status: 'running' })
  expect(run.tasks.at(-1)).toMatchObject({ node: 'n_finance', state: 'pending' })
  await approve(cast.finance)
  expect((await runOf(record)).status).toBe('approved')
})

test('an object does not go while cases about it are open; how many is said', async () => {
  const records = [await cast.submit('Cranes'), await cast.submit('Ropes')]
  const publish = () => publishSources(server.services, workspace, withoutObject(), { confirmed: 'all' })
  await expect(publish()).rejects.toMatchObject({
    code: 'PUBLISH_REFUSED',
    diagnostics: expect.arrayContaining([
      expect.objectContaining({
        code: 'PUBLISH_CASES_OPEN',
        key: 'request',
        message: expect.objectContaining({ en: expect.stringMatching(/^2 open cases .*"Request"/) }),
      }),
    ]),
  })
  for (const record of records) {
    const { id } = await runOf(record)
    const ended = await api(cast.keeper)('POST', at(`runs/${id}/terminate`), {
      body: { reason: 'not needed any more', commandId: server.services.ids.next() },
    })
    expect(ended.status, ended.text).toBe(200)
  }
  expect((await publish()).release).toBe(3)
})

test('a release that cases refer to, and every text of a release, can not be taken away by anybody', async () => {
  const { owner } = server.services
  const attempt = (sql: string) => owner.query(sql, [workspace.id])
  await expect(
    attempt('DELETE FROM channelwright.release WHERE workspace = $1 AND number = 1'),
  ).rejects.toThrow('RELEASE_IN_USE: release 1 is referred to by 1 cases')
  await expect(
    attempt(`UPDATE channelwright.release SET manifest = '[]' WHERE workspace = $1 AND number = 2`),
  ).rejects.toThrow('RELEASE_IN_USE: release 2 is referred to by 2 cases')
  // In force, although no case has begun under it.
  await expect(
    attempt('DELETE FROM channelwright.release WHERE workspace = $1 AND number = 3'),
  ).rejects.toThrow('RELEASE_IN_USE')
  await expect(
    attempt(`DELETE FROM channelwright.definition WHERE hash IN (
      SELECT e->>'hash' FROM channelwright.release, jsonb_array_elements(manifest) e WHERE workspace = $1)`),
  ).rejects.toThrow('DEFINITION_IN_USE')
  await dropWorkspace(server.services, workspace)
  const { rows } = await attempt('SELECT FROM channelwright.release WHERE workspace = $1')
  expect(rows).toHaveLength(0)
})
