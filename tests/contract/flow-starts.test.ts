import { createHmac } from 'node:crypto'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { fireSchedule } from '@channelwright/server/flows/schedules.ts'
import { drainJobs, nextJobAt } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import type { ServedRelease, Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { fieldsOf, tinyPack } from '../support/tiny-pack.ts'

// How cases begin without a person, what they wait for and what waits for them: through the server and its jobs.

const key = 'starts'
const word = (en: string) => ({ en, zh: en })
const code = (prefix: string): Json => ({ startsWith: [{ var: 'code' }, prefix] })
const step = (id: string, type: string, more: JsonObject = {}): JsonObject => ({
  'x-id': id,
  type,
  title: word(id),
  ...more,
})
const set = (id: string, values: JsonObject) => step(id, 'action', { effect: 'set_fields', with: values })
const ask = (id: string, more: JsonObject = {}) =>
  step(id, 'task', { approvers: [{ kind: 'role', role: 'chief' }], ...more })

/** Nodes in a row; where one has several exits all of them lead on. */
function flow(
  name: string,
  trigger: JsonObject,
  nodes: readonly JsonObject[],
  more: JsonObject = {},
): JsonObject {
  const row = [step('n_start', 'start'), ...nodes, step('n_end', 'end', { outcome: 'approved' })]
  const exits: Record<string, string[]> = {
    n_event: ['happened', 'timed_out'],
    n_sub: ['ended'],
    n_each: ['done'],
  }
  const edges = row.slice(1).flatMap((node, at) => {
    const from = String(row[at]?.['x-id'])
    const leaving =
      row[at]?.timeout === undefined && from === 'n_event' ? ['happened'] : (exits[from] ?? [null])
    return leaving.map((exit) => ({ from, to: node['x-id'] ?? '', ...(exit === null ? {} : { exit }) }))
  })
  return {
    kind: 'flow/1',
    key: name,
    'x-id': `w_${name}`,
    title: word(name),
    object: 'order',
    trigger,
    nodes: row,
    edges: edges.map((edge, at) => ({ 'x-id': `e${at}`, ...edge })),
    ...more,
    settings: { withdraw: 'until_end', onWithdraw: {}, ...(more.settings as JsonObject | undefined) },
  }
}

const when = (prefix: string): JsonObject => ({ type: 'record', when: code(prefix) })
const text = { type: 'string', maxLength: 100 }
/** Worked from Monday to Friday, with these days off. */
const calendar = (off: readonly string[]): JsonObject => ({
  kind: 'calendar/1',
  key: 'office',
  'x-id': 'c_office',
  title: word('Office'),
  timezone: 'Asia/Shanghai',
  covers: { from: '2026-01-01', to: '2027-12-31' },
  workdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: [{ from: '09:00', to: '18:00' }],
  days: off.map((from) => ({
    'x-id': `d${from.replaceAll('-', '')}`,
    title: word('Off'),
    from,
    work: false,
  })),
})

function definitions(all: Record<string, JsonObject>, off: readonly string[] = []): void {
  fieldsOf(all, 'objects/order.json').partner_ref = {
    ...(fieldsOf(all, 'objects/order.json').note as JsonObject),
    'x-id': 'f_ref',
  }
  const order = all['objects/order.json']!
  order.unique = [{ 'x-id': 'u_ref', fields: ['partner_ref'], message: word('Taken') }]
  all['objects/org.json']!.unique = [{ 'x-id': 'u_name', fields: ['name'], message: word('Taken') }]
  all['calendars/office.json'] = calendar(off)
  all['grants/outside.json'] = {
    kind: 'grant/1',
    key: 'outside',
    'x-id': 'g_outside',
    title: word('Outside'),
    role: 'outside',
    for: 'staff',
    objects: { order: { read: { rows: true, fields: ['code'] } } },
    platform: ['raise_events'],
  }
  ;(all['grants/chief.json']!.platform as string[]).push('administer_flows')
  const flows = [
    flow(
      'daily',
      { type: 'schedule', cron: '0 9 * * *', records: code('D-'), applicant: { role: 'chief' } },
      [set('n_mark', { note: { cat: [{ '??': [{ var: 'note' }, ''] }, '+'] } }), ask('n_ask')],
    ),
    flow(
      'monthly',
      {
        type: 'schedule',
        cron: '0 8 1 * *',
        create: { name: { cat: ['Review ', { var: '$today' }] } },
      },
      [ask('n_ask')],
      { object: 'org' },
    ),
    flow(
      'hooked',
      {
        type: 'webhook',
        input: {
          type: 'object',
          properties: { ref: text, name: text, amount: { type: 'string', format: 'decimal', 'x-scale': 2 } },
          required: ['ref', 'name'],
        },
        values: {
          partner_ref: { var: '$input.ref' },
          code: { cat: ['K-', { var: '$input.name' }] },
          amount: { var: '$input.amount' },
          org: { lookup: ['org', { name: 'Any' }, 'id'] },
        },
        match: 'partner_ref',
        perMinute: 10,
      },
      [set('n_note', { note: { '??': [{ var: '$input.name' }, '-'] } }), ask('n_ask')],
    ),
    flow(
      'stamped',
      {
        type: 'webhook',
        input: { type: 'object', properties: { ref: text }, required: ['ref'] },
        values: {
          code: { cat: ['T-', { var: '$input.ref' }] },
          org: { lookup: ['org', { name: 'Any' }, 'id'] },
        },
        signature: {
          header: 'X-Signature',
          prefix: 'v0=',
          id: 'X-Delivery',
          time: { header: 'X-Time', content: 'v0:{time}:{body}', within: 2 },
        },
      },
      [ask('n_ask')],
    ),
    flow('paid', when('E-'), [
      step('n_event', 'wait', {
        for: {
          event: 'paid',
          data: { type: 'object', properties: { by: text }, required: ['by'] },
          when: { '!=': [{ var: '$event.by' }, 'nobody'] },
          values: { note: { var: '$event.by' } },
        },
      }),
      ask('n_ask'),
    ]),
    flow('slow', when('S-'), [ask('n_first'), step('n_event', 'wait', { for: { event: 'paid' } })]),
    flow('payer', when('P-'), [
      step('n_raise', 'action', {
        effect: 'raise_event',
        with: { event: 'paid', everywhere: true, data: { by: { var: 'code' } } },
      }),
    ]),
    flow('parent', when('C-'), [
      step('n_sub', 'subflow', { flow: 'child', input: { level: 2, words: { var: 'code' } } }),
      ask('n_ask'),
    ]),
    flow(
      'child',
      {
        type: 'flow',
        input: {
          type: 'object',
          properties: { level: { type: 'integer' }, words: text },
          required: ['level'],
        },
      },
      [
        set('n_mark', {
          note: { cat: [{ '??': [{ var: '$input.words' }, ''] }, ':', { var: '$input.level' }] },
        }),
        step('n_sub', 'subflow', { flow: 'grandchild' }),
      ],
    ),
    flow('grandchild', { type: 'flow' }, [ask('n_ask')]),
    flow('lines', when('L-'), [
      step('n_each', 'for_each', { over: { lines: 'items' }, flow: 'line', atOnce: 1 }),
    ]),
    flow('line', { type: 'flow', lines: 'items' }, [
      set('n_add', {
        amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, { '??': [{ var: '$item.price' }, 0] }] },
        note: { cat: [{ '??': [{ var: 'note' }, ''] }, { var: '$item.name' }] },
      }),
    ]),
    flow('short', when('X-'), [ask('n_ask')], {
      settings: { expire: { after: 2, unit: 'day', end: 'n_end', values: { note: 'too late' } } },
    }),
    flow('office', when('O-'), [ask('n_ask', { timeouts: [{ after: 2, unit: 'workday', do: 'remind' }] })], {
      settings: { calendar: 'office' },
    }),
    flow('frozen', when('F-'), [ask('n_ask', { timeouts: [{ after: 2, unit: 'workday', do: 'remind' }] })], {
      settings: { calendar: 'office', deadlines: 'frozen' },
    }),
  ]
  for (const one of flows) all[`flows/${String(one.key)}.json`] = one
}

let server: TestServer
let workspace: Workspace
let served: ServedRelease
let chief: TestMember
let outside: TestMember
let org: string

async function publish(change: (all: Record<string, JsonObject>) => void = definitions): Promise<void> {
  await publishSources(server.services, workspace, tinyPack(change), { confirmed: 'all' })
  served = (await server.services.releases.current(key))!
}

beforeAll(async () => {
  server = await startTestServer()
  workspace = await createWorkspace(server.services, {
    key,
    title: word('Starts'),
    timeZone: 'Asia/Shanghai',
  })
  await publish()
  chief = await addMember(server.services, workspace, { name: 'Chu Chief', roles: ['chief'] })
  outside = await addMember(server.services, workspace, { name: 'Other System', roles: ['outside'] })
  org = await asEngine(async (unit) => (await createRecord(unit, 'org', { name: 'Any' }, { by: 'seed' })).id)
}, 120_000)
afterAll(() => server?.close())

const settle = () => drainJobs(server.services, key)
const asEngine = <T>(work: (unit: Unit) => Promise<T>) =>
  inUnit(server.services, served, engineActor(server.services, served, nobody), work)
const table = (name: string) => `"${workspace.schema}".cw_${name}`
const sql = <T>(query: string, values: readonly unknown[] = []) =>
  asEngine((unit) => unit.query<T>(query, values))

async function order(values: JsonObject, by: 'flow' | 'seed' = 'flow'): Promise<string> {
  const actor = engineActor(server.services, served, chief.user)
  const { id } = await inUnit(server.services, served, actor, (unit) =>
    createRecord(unit, 'order', { org, ...values }, { by }),
  )
  await settle()
  return id
}

async function read(id: string) {
  const { table: name } = served.tables.get('order')!
  const [row] = await sql<Record<string, string | null>>(
    `SELECT * FROM "${workspace.schema}"."${name}" WHERE id = $1`,
    [id],
  )
  return row!
}
const runsOf = (record: string) =>
  sql<{ id: string; flow: string; status: string; outcome: string | null; applicant: string }>(
    `SELECT id, flow, status, outcome, applicant FROM ${table('run')} WHERE record = $1 ORDER BY started_at, id`,
    [record],
  )
const statesOf = async (record: string) =>
  (await runsOf(record)).map(({ flow: name, status }) => `${name} ${status}`)

async function act(run: string, command: string, body: JsonObject = {}) {
  const reply = await callAs(server.url, chief)('POST', `/api/v1/${key}/runs/${run}/${command}`, {
    body: { commandId: server.services.ids.next(), ...body },
  })
  expect(reply.status, reply.text).toBe(200)
  await settle()
}

async function finishTask(record: string, node: string) {
  const [task] = await sql<{ id: string; rev: number }>(
    `SELECT id, rev FROM ${table('task')} WHERE record = $1 AND node = $2 AND state = 'pending'`,
    [record, node],
  )
  const reply = await callAs(server.url, chief)('POST', `/api/v1/${key}/tasks/${task?.id}/decision`, {
    body: { commandId: server.services.ids.next(), taskRev: task?.rev ?? 0, decision: 'done' },
  })
  expect(reply.status, reply.text).toBe(200)
  await settle()
}

/** Time passes; what falls due on the way happens at its own time. */
async function moveTo(instant: string): Promise<void> {
  for (;;) {
    const at = await nextJobAt(server.services, key)
    if (at === null || Date.parse(at) > Date.parse(instant)) break
    if (Date.parse(at) > Date.parse(server.clock.now())) server.clock.set(at)
    await settle()
  }
  server.clock.set(instant)
  await settle()
}

describe('a schedule', () => {
  test('begins one case for each record that it finds, in the time zone of the workspace, once', async () => {
    server.clock.set('2026-03-02T02:00:00.000Z')
    const [first, second] = [await order({ code: 'D-1' }), await order({ code: 'D-2' })]
    await order({ code: 'Z-1' })
    await moveTo('2026-03-03T00:59:00.000Z')
    expect(await statesOf(first)).toEqual([])
    await moveTo('2026-03-03T01:00:00.000Z')
    for (const id of [first, second]) {
      const runs = await runsOf(id)
      expect(runs.map(({ flow: name, status, applicant }) => [name, status, applicant])).toEqual([
        ['daily', 'running', chief.user],
      ])
      expect((await read(id)).note).toBe('+')
    }
    // Delivered again, nothing happens; on the next day no second case beside the open one.
    await fireSchedule(server.services, key, { flow: 'daily', at: '2026-03-03T01:00:00.000Z' })
    await settle()
    await finishTask(second, 'n_ask')
    await moveTo('2026-03-04T01:00:00.000Z')
    expect(await statesOf(first)).toEqual(['daily running'])
    expect(await statesOf(second)).toEqual(['daily approved', 'daily running'])
  })

  test('comes once for all that was missed, and again when a clock is set back', async () => {
    const id = await order({ code: 'D-9' })
    // Everything stands still for five days.
    server.clock.set('2026-03-09T03:00:00.000Z')
    await settle()
    expect(await statesOf(id)).toEqual(['daily running'])
    await finishTask(id, 'n_ask')
    server.clock.set('2026-03-09T00:30:00.000Z')
    await settle()
    server.clock.set('2026-03-09T02:00:00.000Z')
    await settle()
    expect(await statesOf(id)).toEqual(['daily approved'])
    await moveTo('2026-03-10T01:00:00.000Z')
    expect(await statesOf(id)).toEqual(['daily approved', 'daily running'])
  })

  test('is planned anew by publishing: left out it is gone, changed it comes at its new time', async () => {
    await publish((all) => {
      definitions(all)
      ;(all['flows/daily.json']!.trigger as JsonObject).cron = '30 9 * * *'
    })
    const id = await order({ code: 'D-10' })
    await moveTo('2026-03-10T01:29:00.000Z')
    expect(await statesOf(id)).toEqual([])
    await moveTo('2026-03-10T01:30:00.000Z')
    expect(await statesOf(id)).toEqual(['daily running'])
    await publish((all) => {
      definitions(all)
      delete all['flows/daily.json']
    })
    await finishTask(id, 'n_ask')
    await moveTo('2026-03-13T01:30:00.000Z')
    expect(await statesOf(id)).toEqual(['daily approved'])
    await publish()
  })
})

describe('a message of another system', () => {
  const address = `/hooks/${key}/hooked`
  let secret = ''
  let count = 0

  function sign(body: string, using: string, { id = `m${++count}`, age = 0 } = {}): Record<string, string> {
    const at = String(Math.floor(Date.parse(server.clock.now()) / 1000) - age)
    const signature = createHmac('sha256', Buffer.from(using.slice(6), 'base64'))
      .update(`${id}.${at}.${body}`)
      .digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` }
  }
  const post = (path: string, raw: string, headers: Record<string, string> = {}) =>
    callAs(server.url, null)('POST', path, { raw, headers })
  const renew = async (body: JsonObject = {}) => {
    const reply = await callAs(server.url, chief)('POST', `/api/v1/${key}/flows/hooked/hook-secret`, { body })
    expect(reply.status, reply.text).toBe(201)
    return reply.body
  }

  test('is taken by nobody who does not sign it, and tells them nothing', async () => {
    const body = JSON.stringify({ ref: 'R-0', name: 'x' })
    secret = (await renew()).secret
    const wrong = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
    const headers = sign(body, secret)
    const refused = [
      await post(address, body),
      await post(address, body, sign(body, wrong)),
      await post(address, `${body} `, headers),
      await post(address, body, { ...headers, 'webhook-id': 'other' }),
      await post(address, body, sign(body, secret, { age: 301 })),
      await post(address, body, sign(body, secret, { age: -301 })),
      await post(`/hooks/${key}/daily`, body, sign(body, secret)),
      await post(`/hooks/${key}/no_such_flow`, body, sign(body, secret)),
      await post('/hooks/nowhere/hooked', body, sign(body, secret)),
    ]
    for (const reply of refused) {
      const { code: said, message, details = [] } = reply.body
      expect([reply.status, said, details], reply.text).toEqual([401, 'HOOK_REFUSED', []])
      expect(message).toBe(refused[0]!.body.message)
    }
  })

  test('makes its record and begins a case, once however often it is sent', async () => {
    const body = JSON.stringify({ ref: 'R-1', name: 'one', amount: '12.50', more: 'not kept' })
    const headers = sign(body, secret)
    const replies = await Promise.all([1, 2, 3].map(() => post(address, body, headers)))
    const [first] = replies
    expect(first!.status, first!.text).toBe(200)
    for (const reply of replies) expect(reply.body).toEqual(first!.body)
    await settle()
    const { record, run, started } = first!.body
    expect(started).toBe(true)
    expect(await read(record)).toMatchObject({
      partner_ref: 'R-1',
      code: 'K-one',
      amount: '12.50',
      note: 'one',
      org,
    })
    expect((await runsOf(record)).map((one) => [one.id, one.status])).toEqual([[run, 'running']])
    // The same id with other words is another message.
    const other = JSON.stringify({ ref: 'R-2', name: 'two' })
    const reused = await post(address, other, sign(other, secret, { id: headers['webhook-id']! }))
    expect([reused.status, reused.body.code]).toEqual([409, 'HOOK_ID_REUSED'])
    // Another message about the same thing finds the record, and the case that is under way.
    const again = JSON.stringify({ ref: 'R-1', name: 'uno' })
    const found = await post(address, again, sign(again, secret))
    expect(found.body, found.text).toEqual({ record, run, started: false })
    expect((await read(record)).code).toBe('K-uno')
  })

  test('that does not fit is refused with every mistake; secrets change without a gap', async () => {
    server.clock.advance({ seconds: 1 })
    const bad = JSON.stringify({ ref: 5, amount: '1.234' })
    const reply = await post(address, bad, sign(bad, secret))
    expect([reply.status, reply.body.code]).toEqual([422, 'HOOK_INVALID'])
    expect(reply.body.details.map((one: { path: string }) => one.path).sort()).toContain('/ref')
    const broken = await post(address, '{', sign('{', secret))
    expect([broken.status, broken.body.code]).toEqual([400, 'BODY_NOT_JSON'])
    const large = JSON.stringify({ ref: 'x'.repeat(300_000), name: 'x' })
    expect((await post(address, large, sign(large, secret))).status).toBe(413)

    const hooks = async () => (await callAs(server.url, chief)('GET', `/api/v1/${key}/flow-hooks`)).body.hooks
    expect((await hooks())[0].last).toMatchObject({ refused: 'BODY_NOT_JSON', run: null })

    const old = secret
    secret = (await renew()).secret
    const body = JSON.stringify({ ref: 'R-3', name: 'three' })
    server.clock.advance({ seconds: 1 })
    const taken = await post(address, body, sign(body, old))
    expect(taken.status).toBe(200)
    expect((await hooks())[0].last).toMatchObject({ refused: null, started: true, run: taken.body.run })
    secret = (await renew({ atOnce: true })).secret
    expect((await post(address, body, sign(body, old))).status).toBe(401)
    expect((await post(address, body, sign(body, secret))).status).toBe(200)
    const { body: listed } = await callAs(server.url, chief)('GET', `/api/v1/${key}/flow-hooks`)
    expect(listed.hooks).toMatchObject([
      { flow: 'hooked', ready: true, previous_until: null, signature: null },
      { flow: 'stamped', ready: false, last: null, signature: { header: expect.any(String) } },
    ])
    expect(JSON.stringify(listed)).not.toContain(secret)
    // Nobody but those who administer flows has anything to do with secrets.
    expect((await callAs(server.url, outside)('GET', `/api/v1/${key}/flow-hooks`)).status).toBe(403)
    const kept = await sql<{ secret: Buffer }>(`SELECT secret FROM ${table('hook')}`)
    expect(kept[0]!.secret.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false)
  })

  test('that signs its time in its own way is taken while it is fresh, once, under one id', async () => {
    const made = await callAs(server.url, chief)('POST', `/api/v1/${key}/flows/stamped/hook-secret`, {
      body: {},
    })
    const stamp = (
      body: string,
      id: string,
      { age = 0, using = String(made.body.secret), digits = 1000 } = {},
    ) => {
      const at = String(Math.floor((Date.parse(server.clock.now()) - age * 1000) / digits))
      const signature = createHmac('sha256', using).update(`v0:${at}:${body}`).digest('hex')
      return { 'x-delivery': id, 'x-time': at, 'x-signature': `v0=${signature}` }
    }
    const to = `/hooks/${key}/stamped`
    const body = JSON.stringify({ ref: 'one' })
    const good = stamp(body, 'd1')
    const refused = [
      await post(to, body, stamp(body, 'd2', { age: 121 })),
      await post(to, body, stamp(body, 'd2', { age: -122 })),
      await post(to, body, stamp(body, 'd2', { using: 'whsec_wrong' })),
      await post(to, body, { ...good, 'x-time': String(Number(good['x-time']) + 1) }),
      await post(to, body, { ...good, 'x-time': 'now' }),
      await post(to, body, { 'x-delivery': 'd2', 'x-signature': good['x-signature'] }),
      await post(to, `${body} `, good),
    ]
    expect(refused.map((reply) => [reply.status, reply.body.code])).toEqual(
      refused.map(() => [401, 'HOOK_REFUSED']),
    )
    const taken = await post(to, body, good)
    expect([taken.status, taken.body.started], taken.text).toEqual([200, true])
    expect((await post(to, body, good)).body).toEqual(taken.body)
    // Sent on by somebody who overheard it, under an id that nobody signed.
    const replayed = await post(to, body, { ...good, 'x-delivery': 'd9' })
    expect([replayed.status, replayed.body.code]).toEqual([409, 'HOOK_ID_REUSED'])
    const other = await post(
      to,
      JSON.stringify({ ref: 'two' }),
      stamp(JSON.stringify({ ref: 'two' }), 'd3', { digits: 1 }),
    )
    expect([other.status, other.body.started], other.text).toEqual([200, true])
  })

  test('that is signed wrongly too often is counted for all servers', async () => {
    const wrong = () => post(address, '{}', { 'webhook-id': 'guess' })
    const [before] = (
      await server.services.owner.query<{ count: number }>('SELECT count FROM channelwright.hook_guess')
    ).rows
    expect(before!.count).toBeGreaterThan(10)
    await server.services.owner.query('UPDATE channelwright.hook_guess SET count = 59')
    expect([(await wrong()).status, (await wrong()).status]).toEqual([401, 429])
    server.clock.advance({ minutes: 2 })
    expect((await wrong()).status).toBe(401)
  })

  test('is held to so many a minute', async () => {
    const statuses: number[] = []
    for (let at = 0; at < 12; at++) {
      const body = JSON.stringify({ ref: `R-${at}`, name: 'many' })
      statuses.push((await post(address, body, sign(body, secret))).status)
    }
    expect(statuses).toContain(429)
    server.clock.advance({ minutes: 2 })
    const body = JSON.stringify({ ref: 'R-1', name: 'later' })
    expect((await post(address, body, sign(body, secret))).status).toBe(200)
  })
})

describe('an event', () => {
  const raise = (body: JsonObject, who = outside) =>
    callAs(server.url, who)('POST', `/api/v1/${key}/flow-events`, { body })

  test('tells the cases of its record that wait for it, once, and brings its data', async () => {
    const [one, two] = [await order({ code: 'E-1' }), await order({ code: 'E-2' })]
    expect((await raise({ id: 'ev1', event: 'paid', record: one, data: { by: 'bank' } }, chief)).status).toBe(
      403,
    )
    const body = { id: 'ev1', event: 'paid', record: one, data: { by: 'bank' } }
    const [first, second] = [await raise(body), await raise(body)]
    expect([first.status, first.body, second.body.repeated], first.text).toEqual([
      202,
      { id: 'ev1', repeated: false, records: [one] },
      true,
    ])
    await settle()
    expect((await read(one)).note).toBe('bank')
    expect((await read(two)).note).toBeNull()
    expect(await tasksAt(one)).toEqual(['n_ask'])
    expect(await tasksAt(two)).toEqual([])
    const other = await raise({ ...body, data: { by: 'other' } })
    expect([other.status, other.body.code]).toEqual([409, 'FLOW_EVENT_REUSED'])
    // What the step does not mean, or cannot read, is not what it waits for.
    await raise({ id: 'ev2', event: 'paid', record: two, data: { by: 'nobody' } })
    await raise({ id: 'ev3', event: 'paid', record: two, data: { by: 7 } })
    await settle()
    expect(await statesOf(two)).toEqual(['paid running'])
    const found = await raise({
      id: 'ev4',
      event: 'paid',
      match: { object: 'order', where: { '==': [{ var: 'code' }, 'E-2'] } },
      data: { by: 'found' },
    })
    expect(found.body.records).toEqual([two])
    await settle()
    expect((await read(two)).note).toBe('found')
    // Nothing is found by what the caller may not read.
    const hidden = await raise({
      id: 'ev5',
      event: 'paid',
      match: { object: 'order', where: { '==': [{ var: 'note' }, 'found'] } },
    })
    expect([hidden.status, hidden.body.code]).toEqual([400, 'FILTER_INVALID'])
  })

  test('that comes before anybody waits is heard by the case that it belongs to, and by no later one', async () => {
    const id = await order({ code: 'S-1' })
    await raise({ id: 'early', event: 'paid', record: id })
    await settle()
    expect(await statesOf(id)).toEqual(['slow running'])
    await finishTask(id, 'n_first')
    expect(await statesOf(id)).toEqual(['slow approved'])
    // Too long ago, and not kept at all.
    const late = await order({ code: 'S-2' })
    await raise({ id: 'old', event: 'paid', record: late, keep: 10 })
    await settle()
    server.clock.advance({ minutes: 11 })
    await finishTask(late, 'n_first')
    expect(await statesOf(late)).toEqual(['slow running'])
  })

  test('that a flow raises reaches whoever waits', async () => {
    const waiting = await order({ code: 'E-9' })
    await order({ code: 'P-1' })
    expect((await read(waiting)).note).toBe('P-1')
    expect(await tasksAt(waiting)).toEqual(['n_ask'])
  })
})

const tasksAt = async (record: string) =>
  (
    await sql<{ node: string }>(
      `SELECT node FROM ${table('task')} WHERE record = $1 AND state = 'pending' ORDER BY node`,
      [record],
    )
  ).map(({ node }) => node)

describe('cases that others start', () => {
  const begin = async (name: string) => {
    const id = await order({ code: name })
    const [parent] = (await runsOf(id)).filter((one) => one.flow === 'parent')
    return { id, parent: parent!.id }
  }

  test('are handed values, and tell of their end', async () => {
    const { id } = await begin('C-1')
    expect((await read(id)).note).toBe('C-1:2')
    expect(await statesOf(id)).toEqual(['parent running', 'child running', 'grandchild running'])
    await finishTask(id, 'n_ask')
    expect(await statesOf(id)).toEqual(['parent running', 'child approved', 'grandchild approved'])
    expect(await tasksAt(id)).toEqual(['n_ask'])
  })

  test.each([
    ['terminate', { reason: 'no need' }, 'terminated', 'terminated'],
    ['withdraw', {}, 'withdrawn', 'withdrawn'],
    ['jump', { node: 'n_ask', reason: 'go on' }, 'running', 'terminated'],
  ])('end when their parent does not wait any more: %s', async (command, body, parent, child) => {
    const begun = await begin(`C-${command}`)
    await act(begun.parent, command, body as JsonObject)
    expect(await statesOf(begun.id)).toEqual([`parent ${parent}`, `child ${child}`, `grandchild ${child}`])
    const reasons = await sql(
      `SELECT reason FROM ${table('task')} WHERE record = $1 AND state = 'cancelled'`,
      [begun.id],
    )
    expect(reasons).toEqual([{ reason: 'parent_left' }])
  })

  test('are told of though the server stops in between: the job is in the transaction of the end', async () => {
    const { id } = await begin('C-stop')
    const [task] = await sql<{ id: string; rev: number }>(
      `SELECT id, rev FROM ${table('task')} WHERE record = $1 AND state = 'pending'`,
      [id],
    )
    await callAs(server.url, chief)('POST', `/api/v1/${key}/tasks/${task!.id}/decision`, {
      body: { commandId: server.services.ids.next(), taskRev: task!.rev, decision: 'done' },
    })
    // Nobody has worked off a job; what waits for it is written down.
    expect(await statesOf(id)).toEqual(['parent running', 'child running', 'grandchild approved'])
    await settle()
    expect(await statesOf(id)).toEqual(['parent running', 'child approved', 'grandchild approved'])
  })

  test('treat each line with the line at hand', async () => {
    const id = await order({
      code: 'L-1',
      items: [{ name: 'a', price: '1.10' }, { name: 'b', price: '2.20' }, { name: 'c' }],
    })
    expect(await read(id)).toMatchObject({ amount: '3.30', note: 'abc' })
    expect(await statesOf(id)).toEqual(['lines approved', 'line approved', 'line approved', 'line approved'])
  })
})

describe('time', () => {
  test('ends a case that has been open for too long, by its end and with what it writes', async () => {
    server.clock.set('2026-05-04T02:00:00.000Z')
    const [id, done, resting] = [
      await order({ code: 'X-1' }),
      await order({ code: 'X-2' }),
      await order({ code: 'X-3' }),
    ]
    await finishTask(done, 'n_ask')
    const [suspended] = await runsOf(resting)
    await act(suspended!.id, 'suspend', { reason: 'wait' })
    await moveTo('2026-05-06T01:59:00.000Z')
    expect(await statesOf(id)).toEqual(['short running'])
    // A clock that jumps an hour ahead and back: what it passed over fires once.
    server.clock.set('2026-05-06T03:00:00.000Z')
    await settle()
    server.clock.set('2026-05-06T02:00:00.000Z')
    await settle()
    const [run] = await runsOf(id)
    expect([run!.status, run!.outcome, (await read(id)).note]).toEqual(['expired', 'approved', 'too late'])
    expect(await tasksAt(id)).toEqual([])
    expect(await statesOf(done)).toEqual(['short approved'])
    expect(await statesOf(resting)).toEqual(['short suspended'])
    await act(suspended!.id, 'resume', { reason: 'go on' })
    await moveTo('2026-05-08T01:00:00.000Z')
    expect(await statesOf(resting)).toEqual(['short running'])
    await moveTo('2026-05-08T02:00:00.000Z')
    expect(await statesOf(resting)).toEqual(['short expired'])
    // Opened again it has as long as at first.
    await act(run!.id, 'reopen', { node: 'n_ask', reason: 'after all' })
    await moveTo('2026-05-10T01:59:00.000Z')
    expect(await statesOf(id)).toEqual(['short running'])
    await moveTo('2026-05-10T02:00:00.000Z')
    expect(await statesOf(id)).toEqual(['short expired'])
  })

  test('follows the work calendar when that changes, but not where it is frozen or stands still', async () => {
    server.clock.set('2026-06-01T02:00:00.000Z')
    const [id, frozen, resting] = [
      await order({ code: 'O-1' }),
      await order({ code: 'F-1' }),
      await order({ code: 'O-2' }),
    ]
    const due = async (record: string) => {
      const [row] = await sql<{ task: string | null; timer: string; remaining: string | null }>(
        `SELECT t.due_at AS task, m.due_at AS timer, m.remaining FROM ${table('task')} t
         JOIN ${table('timer')} m ON m.task = t.id WHERE t.record = $1 AND m.state = 'open'`,
        [record],
      )
      return {
        ...row!,
        timer: new Date(row!.timer).toISOString(),
        task: new Date(row!.task ?? 0).toISOString(),
      }
    }
    const [run] = await runsOf(resting)
    await act(run!.id, 'suspend', { reason: 'wait' })
    const wednesday = '2026-06-03T02:00:00.000Z'
    for (const one of [id, frozen])
      expect(await due(one)).toMatchObject({ task: wednesday, timer: wednesday })
    await publish((all) => definitions(all, ['2026-06-02']))
    await settle()
    const thursday = '2026-06-04T02:00:00.000Z'
    expect(await due(id)).toMatchObject({ task: thursday, timer: thursday })
    expect(await due(frozen)).toMatchObject({ task: wednesday, timer: wednesday })
    expect((await due(resting)).remaining).toBe(String(2 * 86_400_000))
    // What had fired by the old calendar does not fire: the job moved with the timer.
    await moveTo('2026-06-03T12:00:00.000Z')
    const reminders = (record: string) =>
      sql(
        `SELECT 1 FROM ${table('event')} e JOIN ${table('run')} r ON r.id = e.run
           WHERE r.record = $1 AND e.type = 'timed_out'`,
        [record],
      )
    expect(await reminders(id)).toHaveLength(0)
    expect(await reminders(frozen)).toHaveLength(1)
    await moveTo(thursday)
    expect(await reminders(id)).toHaveLength(1)
    // Set going again it has what was left, and no calendar moves it any more.
    await act(run!.id, 'resume', { reason: 'go on' })
    await publish()
    await settle()
    expect((await due(resting)).timer).toBe('2026-06-06T02:00:00.000Z')
  })

  test('makes a record of its own for a case', async () => {
    await moveTo('2026-07-01T00:00:00.000Z')
    const { table: name } = served.tables.get('org')!
    const made = await sql<{ id: string }>(
      `SELECT id FROM "${workspace.schema}"."${name}" WHERE name = 'Review 2026-07-01'`,
    )
    expect(made).toHaveLength(1)
    expect((await runsOf(made[0]!.id)).map((run) => [run.status, run.applicant])).toEqual([
      ['running', nobody],
    ])
  })
})
