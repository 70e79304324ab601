import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { castErrands, type ErrandCast } from '../support/errand-pack.ts'
import { step, word } from '../support/flow-sketch.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { referenceField } from '../support/tiny-pack.ts'

// What a step wrote is taken back to the last digit, and nothing that others wrote since goes with it.

const key = 'undoing'
const workspace = `ws_${key}`
let server: TestServer
let cast: ErrandCast

const plusOne = (path: string): JsonObject => ({
  '+': [{ '??': [{ var: path }, { dec: '0' }] }, { dec: '1' }],
})
const action = (id: string, effect: string, settings: JsonObject) =>
  step(id, 'action', { effect, with: settings, undo: true })

/** A branch: approved, written here and elsewhere, looked at; whoever looks may send it back to before it was written. */
function branch(name: string, by: string) {
  const approval = (id: string, more: JsonObject = {}) =>
    step(id, 'approval', { approvers: [{ kind: 'role', role: by }], onReject: { do: 'end' }, ...more })
  const [first, write, tell, look] = ['', '_write', '_tell', '_look'].map((end) => `n_${name}${end}`)
  return {
    nodes: [
      approval(first!),
      action(write!, 'set_fields', { count: plusOne('count'), note: name }),
      action(tell!, 'update_record', {
        object: 'errand',
        record: { var: 'other' },
        values: { count: plusOne('other.count') },
      }),
      approval(look!, { returnTo: { targets: [first!], resume: 'replay' } }),
    ],
    edges: [
      ['n_split', first],
      [first, write, 'approved'],
      [write, tell],
      [tell, look],
      [look, 'n_join', 'approved'],
    ],
  }
}

const flow = (): JsonObject => {
  const [left, right] = [branch('left', 'lead'), branch('right', 'finance')]
  const edges = [['n_start', 'n_split'], ...left.edges, ...right.edges, ['n_join', 'n_end']]
  return {
    kind: 'flow/1',
    key: 'both',
    'x-id': 'w_both',
    title: word('both'),
    object: 'errand',
    trigger: { type: 'record', when: { '==': [{ var: 'kind' }, 'both'] } },
    settings: { selfApproval: 'forbid', withdraw: 'until_end', dedupe: 'none', onEmpty: 'admin' },
    nodes: [
      step('n_start', 'start'),
      step('n_split', 'parallel'),
      ...left.nodes,
      ...right.nodes,
      step('n_join', 'join'),
      step('n_end', 'end', { outcome: 'approved' }),
    ],
    edges: edges.map(([from, to, exit], at) => ({
      'x-id': `e${at}`,
      from: from!,
      to: to!,
      ...(exit ? { exit } : {}),
    })),
  }
}

beforeAll(async () => {
  server = await startTestServer()
  cast = await castErrands(server.services, key, undefined, (all) => {
    all['flows/both.json'] = flow()
    const object = all['objects/errand.json'] as { schema: { properties: JsonObject } }
    object.schema.properties.other = referenceField('f_other', 'Other', 'errand')
    const finance = all['grants/finance.json'] as { objects: { errand: JsonObject }; flows: JsonObject }
    finance.flows = { both: ['see'] }
    finance.objects.errand = { read: { rows: true, fields: ['name', 'kind', 'count', 'other'] } }
  })
}, 120_000)

afterAll(() => server?.close())

const at = (path: string) => `/api/v1/${key}/${path}`
const api = (member: TestMember) => callAs(server.url, member)

let record: string
let other: string

async function create(values: JsonObject): Promise<string> {
  const made = await api(cast.asker)('POST', at('records/errand'), { body: { name: 'Stamps', ...values } })
  expect(made.status, made.text).toBe(201)
  await drainJobs(server.services, key)
  return made.body.record.id
}

// Both branches have been written, the left one first.
beforeEach(async () => {
  other = await create({ kind: 'none', count: '40.00' })
  record = await create({ kind: 'both', count: '5.00', other })
  await act(cast.lead, 'decision', { decision: 'approve' })
  await act(cast.finance, 'decision', { decision: 'approve' })
  expect(await values()).toEqual(['7.00', 'right', '42.00'])
})

async function act(member: TestMember, command: string, given: JsonObject): Promise<void> {
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  const task = body.tasks.find((one: { record: string }) => one.record === record)
  const answer = await api(member)('POST', at(`tasks/${task.id}/${command}`), {
    body: { commandId: server.services.ids.next(), taskRev: task.rev, comment: 'Seen', ...given },
  })
  expect(answer.status, answer.text).toBe(200)
  await drainJobs(server.services, key)
}

const sendBack = (member: TestMember, to: string) => act(member, 'send_back', { to })

/** As they stand in Postgres: the number and the text of the record, the number of the other one. */
async function values(): Promise<(string | null)[]> {
  const { rows } = await server.services.owner.query<Record<string, string | null>>(
    `SELECT e.count::text, e.note, o.count::text AS others FROM ${workspace}.errand e
     JOIN ${workspace}.errand o ON o.id = e.other WHERE e.id = $1`,
    [record],
  )
  const { count = null, note = null, others = null } = rows[0] ?? {}
  return [count, note, others]
}

async function story(member: TestMember): Promise<{ en: string; zh: string }[]> {
  const { body } = await api(member)('GET', at(`runs?object=errand&record=${record}`))
  return body.runs[0].timeline
    .filter(({ type }: { type: string }) => type === 'left_as_is')
    .map(({ sentence }: { sentence: unknown }) => sentence)
}

async function write(given: JsonObject): Promise<void> {
  const read = await api(cast.keeper)('GET', at(`records/errand/${record}`))
  const answer = await api(cast.keeper)('PATCH', at(`records/errand/${record}`), {
    body: given,
    headers: { 'if-match': read.headers.get('etag') ?? '' },
  })
  expect(answer.status, answer.text).toBe(200)
}

describe('two branches that wrote the same fields', () => {
  test('the first is taken back alone: its addition goes, the text of the other stays, and the story says so', async () => {
    await sendBack(cast.lead, 'n_left')
    expect(await values()).toEqual(['6.00', 'right', '41.00'])
    expect(await story(cast.keeper)).toEqual([
      {
        en: '"n_left_write" is not taken back in the field "Note": it said left then and stays right, for it was changed since',
        zh: '“n_left_write”撤销时保留字段“Note”的现值right:该步骤写入left,此后已被改动',
      },
    ])
    // Then the second: nothing is left of either.
    await sendBack(cast.finance, 'n_right')
    expect(await values()).toEqual(['5.00', null, '40.00'])
    expect(await story(cast.keeper)).toHaveLength(1)
  })

  test('the second first: the same is left in the end, and there is nothing to tell', async () => {
    await sendBack(cast.finance, 'n_right')
    expect(await values()).toEqual(['6.00', 'left', '41.00'])
    await sendBack(cast.lead, 'n_left')
    expect(await values()).toEqual(['5.00', null, '40.00'])
    expect(await story(cast.keeper)).toEqual([])
  })

  test('one is taken back, done again, and the other taken back', async () => {
    await sendBack(cast.lead, 'n_left')
    await act(cast.lead, 'decision', { decision: 'approve' })
    expect(await values()).toEqual(['7.00', 'left', '42.00'])
    await sendBack(cast.finance, 'n_right')
    expect(await values()).toEqual(['6.00', 'left', '41.00'])
  })

  test('both together, when the case is withdrawn', async () => {
    const { body } = await api(cast.asker)('GET', at(`runs?object=errand&record=${record}`))
    const answer = await api(cast.asker)('POST', at(`runs/${body.runs[0].id}/withdraw`), {
      body: { commandId: server.services.ids.next() },
    })
    expect(answer.status, answer.text).toBe(200)
    await drainJobs(server.services, key)
    expect(await values()).toEqual(['5.00', null, '40.00'])
    expect(await story(cast.keeper)).toEqual([])
  })
})

describe('what a person has written since', () => {
  test('stays; of a number the addition alone goes; who may not read the field is not told what it says', async () => {
    await write({ count: '100.50', note: 'mine' })
    await sendBack(cast.lead, 'n_left')
    await sendBack(cast.finance, 'n_right')
    expect(await values()).toEqual(['98.50', 'mine', '40.00'])
    const told = await story(cast.keeper)
    expect(told.map(({ en }) => en)).toEqual([
      '"n_left_write" is not taken back in the field "Note": it said left then and stays mine, for it was changed since',
      '"n_right_write" is not taken back in the field "Note": it said right then and stays mine, for it was changed since',
    ])
    const hidden = await story(cast.finance)
    expect(hidden).toHaveLength(2)
    expect(JSON.stringify(hidden)).not.toMatch(/mine|Note|right then/)
  })

  test('and what they emptied is not filled again', async () => {
    await write({ note: null })
    await sendBack(cast.finance, 'n_right')
    expect(await values()).toEqual(['6.00', null, '41.00'])
    expect((await story(cast.keeper)).map(({ en }) => en).join()).toContain(
      'it said right then and stays nothing',
    )
  })
})
