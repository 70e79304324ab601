import type { ReplayedCase, ReplayLine } from '@channelwright/runtime/api/flow-trials.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castErrands, type ErrandCast } from '../support/errand-pack.ts'
import { step, word } from '../support/flow-sketch.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { moneyField } from '../support/tiny-pack.ts'

// A case that is replayed on its own flow comes to what it came to, whatever people did to it besides deciding.

const key = 'replays'
const workspace = `ws_${key}`
let server: TestServer
let cast: ErrandCast

const approval = (id: string, by: string, more: JsonObject = {}) =>
  step(id, 'approval', {
    approvers: [{ kind: 'role', role: by }],
    reject: 'any',
    onReject: { do: 'end' },
    ...more,
  })
const paying: JsonObject = {
  paid: { round: [{ '/': [{ dec: '100' }, { '??': [{ var: 'count' }, { dec: '0' }] }] }, 2] },
}

/** Asked, paid by a rule that may fail into a field that may refuse, and looked at by finance where much was meant. */
const flow = (change: (nodes: Record<string, JsonObject>) => void = () => undefined): JsonObject => {
  const nodes: Record<string, JsonObject> = {
    n_start: step('n_start', 'start'),
    n_lead: approval('n_lead', 'lead'),
    n_pay: step('n_pay', 'action', { effect: 'set_fields', with: paying }),
    n_size: step('n_size', 'condition'),
    n_finance: approval('n_finance', 'finance'),
    n_meet: step('n_meet', 'merge'),
    n_end: step('n_end', 'end', { outcome: 'approved' }),
  }
  change(nodes)
  return {
    kind: 'flow/1',
    key: 'paying',
    'x-id': 'w_paying',
    title: word('paying'),
    object: 'errand',
    trigger: { type: 'record', when: { '==': [{ var: 'kind' }, 'paying'] } },
    settings: { selfApproval: 'forbid', withdraw: 'until_end', dedupe: 'none', onEmpty: 'admin' },
    nodes: Object.values(nodes),
    edges: [
      { 'x-id': 'e1', from: 'n_start', to: 'n_lead' },
      { 'x-id': 'e2', from: 'n_lead', exit: 'approved', to: 'n_pay' },
      { 'x-id': 'e3', from: 'n_pay', to: 'n_size' },
      {
        'x-id': 'e4',
        from: 'n_size',
        to: 'n_finance',
        'x-order': 'a',
        when: { '<': [{ '??': [{ var: 'count' }, { dec: '0' }] }, { dec: '10' }] },
      },
      { 'x-id': 'e5', from: 'n_size', to: 'n_meet', 'x-order': 'b', default: true },
      { 'x-id': 'e6', from: 'n_finance', exit: 'approved', to: 'n_meet' },
      { 'x-id': 'e7', from: 'n_meet', to: 'n_end' },
    ],
  }
}

/** Somebody is told, then asked for a day. */
const telling: JsonObject = {
  kind: 'flow/1',
  key: 'telling',
  'x-id': 'w_telling',
  title: word('telling'),
  object: 'errand',
  trigger: { type: 'record', when: { '==': [{ var: 'kind' }, 'telling'] } },
  settings: { selfApproval: 'forbid', withdraw: 'until_end' },
  nodes: [
    step('n_start', 'start'),
    step('n_tell', 'action', {
      effect: 'notify',
      with: { to: [{ kind: 'role', role: 'lead' }], title: word('It comes') },
    }),
    approval('n_lead', 'lead', { timeouts: [{ after: 24, unit: 'hour', do: 'reject' }] }),
    step('n_end', 'end', { outcome: 'approved' }),
  ],
  edges: [
    { 'x-id': 'e1', from: 'n_start', to: 'n_tell' },
    { 'x-id': 'e2', from: 'n_tell', to: 'n_lead' },
    { 'x-id': 'e3', from: 'n_lead', exit: 'approved', to: 'n_end' },
  ],
}

beforeAll(async () => {
  server = await startTestServer()
  cast = await castErrands(server.services, key, undefined, (all) => {
    all['flows/paying.json'] = flow()
    all['flows/telling.json'] = telling
    const object = all['objects/errand.json'] as { schema: { properties: JsonObject } }
    // Not below a count of two.
    object.schema.properties.paid = moneyField('f_paid', 'Paid', { formatMaximum: '50.00' })
    const keeper = all['grants/keeper.json'] as { platform: string[] }
    keeper.platform.push('design')
  })
}, 120_000)

afterAll(() => server?.close())

const at = (path: string) => `/api/v1/${key}/${path}`
const api = (member: TestMember) => callAs(server.url, member)
const id = () => server.services.ids.next()
const pass = (hours = 1) => server.clock.advance({ hours })

async function submit(count: string | null = '20.00'): Promise<string> {
  const made = await api(cast.asker)('POST', at('records/errand'), {
    body: { name: 'Stamps', kind: 'paying', ...(count === null ? {} : { count }) },
  })
  expect(made.status, made.text).toBe(201)
  await drainJobs(server.services, key)
  pass()
  return made.body.record.id
}

/** The open task of somebody, whosever turn it is. */
async function taskOf(member: TestMember, record: string) {
  const { rows } = await server.services.owner.query<{ id: string; rev: number }>(
    `SELECT t.id, t.rev FROM ${workspace}.cw_task t JOIN ${workspace}.cw_run r ON r.id = t.run
     WHERE r.record = $1 AND t.assignee = $2 AND t.state IN ('pending', 'waiting') ORDER BY t.created_at DESC`,
    [record, member.user],
  )
  expect(rows.length, `${member.name} has a task`).toBeGreaterThan(0)
  return rows[0]!
}

async function give(
  member: TestMember,
  record: string,
  command: string,
  given: JsonObject,
  of = member,
): Promise<void> {
  const task = await taskOf(of, record)
  const answer = await api(member)('POST', at(`tasks/${task.id}/${command}`), {
    body: { commandId: id(), taskRev: task.rev, ...given },
  })
  expect(answer.status, answer.text).toBe(200)
  await drainJobs(server.services, key)
  pass()
}

const decide = (member: TestMember, record: string, decision: string) =>
  give(member, record, 'decision', { decision, comment: 'Seen' })
const add = (
  member: TestMember,
  record: string,
  place: string,
  people: TestMember[],
  more: JsonObject = {},
) => give(member, record, 'add_signers', { people: people.map(({ user }) => user), place, ...more })

async function steer(record: string, command: string, given: JsonObject = {}, by = cast.keeper) {
  const { rows } = await server.services.owner.query<{ id: string }>(
    `SELECT id FROM ${workspace}.cw_run WHERE record = $1`,
    [record],
  )
  const answer = await api(by)('POST', at(`runs/${rows[0]!.id}/${command}`), {
    body: { commandId: id(), ...(command === 'withdraw' ? {} : { reason: 'So be it' }), ...given },
  })
  expect(answer.status, answer.text).toBe(200)
  await drainJobs(server.services, key)
  pass()
}

async function write(record: string, values: JsonObject): Promise<void> {
  const read = await api(cast.keeper)('GET', at(`records/errand/${record}`))
  const answer = await api(cast.keeper)('PATCH', at(`records/errand/${record}`), {
    body: values,
    headers: { 'if-match': read.headers.get('etag') ?? '' },
  })
  expect(answer.status, answer.text).toBe(200)
  await drainJobs(server.services, key)
  pass()
}

async function replay(
  last: number,
  unsaved?: JsonObject,
  name = 'paying',
): Promise<Map<string, ReplayedCase>> {
  const answer = await fetch(server.url + at(`flows/${name}/replay`), {
    method: 'POST',
    headers: { cookie: cast.keeper.cookie, 'content-type': 'application/json' },
    body: JSON.stringify({
      last,
      ...(unsaved === undefined
        ? {}
        : { unsaved: { pack: 'errands', path: 'flows/paying.json', text: JSON.stringify(unsaved) } }),
    }),
  })
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  const lines = text
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as ReplayLine)
  return new Map(lines.flatMap((one) => (one.kind === 'case' ? [[one.case.record, one.case] as const] : [])))
}

/** What really became of it. */
async function truthOf(record: string): Promise<{ status: string; seconds: number }> {
  const { rows } = await server.services.owner.query<{ status: string; seconds: number }>(
    `SELECT status, extract(epoch FROM ended_at - started_at)::int AS seconds FROM ${workspace}.cw_run WHERE record = $1`,
    [record],
  )
  return rows[0]!
}

/** On their own flow they come to what they came to, in the time that it took. */
async function expectRetraced(records: Record<string, string>): Promise<Map<string, ReplayedCase>> {
  const cases = await replay(Object.keys(records).length)
  for (const [name, record] of Object.entries(records)) {
    const one = cases.get(record)
    expect([name, one?.problem, one?.retraced, one?.differs]).toEqual([name, null, true, []])
    const { status, seconds } = await truthOf(record)
    expect([name, one?.before.status, one?.before.seconds]).toEqual([name, status, seconds])
  }
  return cases
}

const askedIn = (one: ReplayedCase | undefined) => one?.after.people.map(({ person }) => person.name)

describe('people who were added', () => {
  test('before, after and beside somebody answer as they did, those who were removed not at all', async () => {
    const { lead, deputy, finance, keeper } = cast
    const before = await submit()
    await add(lead, before, 'before', [deputy])
    await decide(deputy, before, 'reject')
    const heard = await submit()
    await add(lead, heard, 'before', [deputy, finance], { order: 'sequential', opinionOnly: true })
    await decide(deputy, heard, 'reject')
    await decide(finance, heard, 'approve')
    await decide(lead, heard, 'approve')
    const after = await submit()
    await add(lead, after, 'after', [deputy])
    pass(5)
    await decide(lead, after, 'approve')
    await decide(deputy, after, 'reject')
    const beside = await submit()
    await add(lead, beside, 'parallel', [deputy])
    await decide(deputy, beside, 'reject')
    const removed = await submit()
    await add(lead, removed, 'before', [deputy, finance])
    await decide(finance, removed, 'approve')
    await give(lead, removed, 'remove_signer', {}, deputy)
    await decide(lead, removed, 'reject')
    const nested = await submit()
    await add(lead, nested, 'before', [deputy])
    await add(deputy, nested, 'after', [finance])
    await add(deputy, nested, 'before', [keeper])
    await decide(keeper, nested, 'approve')
    await decide(deputy, nested, 'approve')
    await decide(finance, nested, 'approve')
    await decide(lead, nested, 'reject')
    const passedOn = await submit()
    await add(lead, passedOn, 'parallel', [deputy])
    await give(deputy, passedOn, 'transfer', { to: keeper.user, comment: 'Yours' })
    await decide(keeper, passedOn, 'reject')
    const cases = await expectRetraced({ before, heard, after, beside, removed, nested, passedOn })
    expect(askedIn(cases.get(before))).toEqual(['Leo Lead', 'Dana Deputy'])
    expect(askedIn(cases.get(removed))).toEqual(['Leo Lead', 'Dana Deputy', 'Fay Finance'])
    expect(askedIn(cases.get(nested))).toEqual(['Leo Lead', 'Dana Deputy', 'Fay Finance', 'Kim Keeper'])
  })

  test('answer only for themselves where a draft asks somebody else', async () => {
    const record = await submit()
    await add(cast.lead, record, 'before', [cast.deputy])
    await decide(cast.deputy, record, 'approve')
    await decide(cast.lead, record, 'reject')
    const draft = flow((nodes) => {
      nodes.n_lead = approval('n_lead', 'finance')
    })
    const [one] = (await replay(1, draft)).values()
    expect(one?.retraced).toBe(true)
    // Finance adds whom the lead has added, and says what the lead has said.
    expect(askedIn(one)).toEqual(['Fay Finance', 'Dana Deputy'])
    expect(one?.after.status).toBe('rejected')
  })
})

describe('one of several who may answer', () => {
  test('answers as they did, however the others stand in the list', async () => {
    const { lead, deputy } = cast
    const record = await submit()
    await add(lead, record, 'before', [deputy, cast.finance], { order: 'any' })
    pass(3)
    await decide(cast.finance, record, 'approve')
    await decide(lead, record, 'approve')
    await expectRetraced({ record })
  })

  test('takes their decision back', async () => {
    const record = await submit('5.00')
    await decide(cast.lead, record, 'approve')
    const { rows } = await server.services.owner.query<{ id: string; rev: number }>(
      `SELECT t.id, t.rev FROM ${workspace}.cw_task t JOIN ${workspace}.cw_run r ON r.id = t.run
       WHERE r.record = $1 AND t.state = 'approved'`,
      [record],
    )
    const answer = await api(cast.lead)('POST', at(`tasks/${rows[0]!.id}/take_back`), {
      body: { commandId: id(), taskRev: rows[0]!.rev },
    })
    expect(answer.status, answer.text).toBe(200)
    pass()
    await decide(cast.lead, record, 'reject')
    await expectRetraced({ record })
  })
})

describe('what stopped and was tried again', () => {
  test('goes on only then, with the record as it was by then', async () => {
    // The rule can not be reckoned; the field takes no 100; neither is mended.
    const rule = await submit('0.00')
    await decide(cast.lead, rule, 'approve')
    await write(rule, { count: '20.00' })
    await steer(rule, 'retry')
    const refused = await submit('1.00')
    await decide(cast.lead, refused, 'approve')
    await steer(refused, 'retry')
    await write(refused, { count: '20.00' })
    await steer(refused, 'retry')
    const stuck = await submit('1.00')
    await decide(cast.lead, stuck, 'approve')
    expect(
      [await truthOf(rule), await truthOf(refused), await truthOf(stuck)].map((one) => one.status),
    ).toEqual(['approved', 'approved', 'incident'])
    const cases = await replay(3)
    for (const record of [rule, refused, stuck])
      expect(cases.get(record)).toMatchObject({ problem: null, retraced: true, differs: [] })
    expect(cases.get(refused)?.before.seconds).toBe((await truthOf(refused)).seconds)
    expect(cases.get(stuck)?.before.status).toBe('incident')
    // A step that says something else by now is not taken to fail.
    const draft = flow((nodes) => {
      nodes.n_pay = step('n_pay', 'action', { effect: 'set_fields', with: { paid: { dec: '1' } } })
    })
    const mended = (await replay(3, draft)).get(stuck)
    expect([mended?.retraced, mended?.after.status]).toEqual([true, 'approved'])
  })
})

describe('a case that was opened again', () => {
  test('goes on where it did, and ends as it ended', async () => {
    const { lead } = cast
    const rejected = await submit()
    await decide(lead, rejected, 'reject')
    await write(rejected, { count: '5.00' })
    await steer(rejected, 'reopen', { node: 'n_lead' })
    await decide(lead, rejected, 'approve')
    await decide(cast.finance, rejected, 'approve')
    const withdrawn = await submit()
    await steer(withdrawn, 'withdraw', {}, cast.asker)
    await steer(withdrawn, 'reopen', { node: 'n_lead' })
    await decide(lead, withdrawn, 'reject')
    await steer(withdrawn, 'reopen', { node: 'n_lead' })
    await decide(lead, withdrawn, 'approve')
    const terminated = await submit()
    await steer(terminated, 'terminate')
    await steer(terminated, 'reopen', { node: 'n_lead' })
    await give(lead, terminated, 'transfer', { to: cast.deputy.user, comment: 'Yours' })
    await decide(cast.deputy, terminated, 'approve')
    const cases = await expectRetraced({ rejected, withdrawn, terminated })
    expect(cases.get(rejected)?.after.path).toEqual([
      'n_start',
      'n_lead',
      'n_lead',
      'n_pay',
      'n_size',
      'n_finance',
      'n_meet',
      'n_end',
    ])
  })

  test('stays closed where a draft has let it pass before', async () => {
    const record = await submit()
    await decide(cast.lead, record, 'reject')
    await steer(record, 'reopen', { node: 'n_lead' })
    await decide(cast.lead, record, 'approve')
    const draft = flow((nodes) => {
      nodes.n_lead = step('n_lead', 'cc', { to: [{ kind: 'role', role: 'lead' }] })
    })
    ;(draft.edges as JsonObject[])[1] = { 'x-id': 'e2', from: 'n_lead', to: 'n_pay' }
    const [one] = (await replay(1, draft)).values()
    expect([one?.retraced, one?.after.status, one?.after.seconds]).toEqual([true, 'approved', 0])
  })
})

describe('what took its time', () => {
  test('takes it again: a server that was away for days has let nobody wait for an answer', async () => {
    const made = await api(cast.asker)('POST', at('records/errand'), {
      body: { name: 'Stamps', kind: 'telling' },
    })
    expect(made.status, made.text).toBe(201)
    const { id: record } = made.body.record
    // Nothing is done yet, nor would it be by a replay.
    pass(1)
    const [early] = (await replay(1, undefined, 'telling')).values()
    expect([early?.retraced, early?.before.path]).toEqual([true, ['n_start', 'n_tell']])
    pass(72)
    await drainJobs(server.services, key)
    pass()
    const [open] = (await replay(1, undefined, 'telling')).values()
    expect([open?.retraced, open?.before.status]).toEqual([true, 'running'])
    await decide(cast.lead, record, 'approve')
    const [ended] = (await replay(1, undefined, 'telling')).values()
    expect([ended?.retraced, ended?.before.seconds]).toEqual([true, (await truthOf(record)).seconds])
  })
})
