import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { applyEffect, type EffectOrder } from '@channelwright/server/flows/apply-effect.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import type { ServedRelease } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { step, word } from '../support/flow-sketch.ts'
import { addMember, callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { fieldsOf, tinyPack } from '../support/tiny-pack.ts'

// What flows have done, made real: each node type and effect through the server, its jobs and Postgres.

const code = (prefix: string) => ({ startsWith: [{ var: 'code' }, prefix] })
const action = (id: string, effect: string, settings: JsonObject) =>
  step(id, 'action', { effect, with: settings })
const start = step('n_start', 'start')
const end = step('n_end', 'end', { outcome: 'approved' })

function flow(
  key: string,
  when: JsonObject | boolean,
  nodes: JsonObject[],
  edges: [from: string, to: string, exit?: string | JsonObject][],
): JsonObject {
  return {
    kind: 'flow/1',
    key,
    'x-id': `w_${key}`,
    title: word(key),
    object: 'order',
    trigger: { type: 'record', when },
    settings: { withdraw: 'never' },
    nodes: [start, ...nodes, end],
    edges: edges.map(([from, to, exit = {}], at) => ({
      'x-id': `e${at}`,
      from,
      to,
      ...(typeof exit === 'string' ? { exit } : exit),
    })),
  }
}

let server: TestServer
let served: ServedRelease
let chief: TestMember
let clerk: TestMember
let watcher: TestMember
let hook: Server
let port = 0
const calls: { headers: IncomingHttpHeaders; body: string }[] = []
let answer = 200

beforeAll(async () => {
  hook = createServer((request, reply) => {
    let body = ''
    request.on('data', (part: Buffer) => {
      body += String(part)
    })
    request.on('end', () => {
      calls.push({ headers: request.headers, body })
      reply.writeHead(answer).end('{}')
    })
  })
  await new Promise<void>((ready) => hook.listen(0, '127.0.0.1', ready))
  port = (hook.address() as AddressInfo).port
  server = await startTestServer()
  Object.assign(server.services.config, { webhookHosts: [`localhost:${port}`] })
  const { services } = server
  const workspace = await createWorkspace(services, {
    key: 'effects',
    title: word('Effects'),
    timeZone: 'Asia/Shanghai',
  })
  await publishSources(
    services,
    workspace,
    tinyPack((all) => {
      all['flows/whole.json'] = flow(
        'whole',
        code('W-'),
        [
          step('n_split', 'parallel'),
          action('n_find', 'find_records', {
            object: 'org',
            where: { '==': [{ var: 'name' }, { var: '$record.note' }] },
            into: 'org',
          }),
          action('n_number', 'sequence_number', { into: 'code', pattern: 'W-{yyyy}-{000}' }),
          step('n_copy', 'cc', { to: [{ kind: 'role', role: 'clerk' }] }),
          step('n_join', 'join'),
          step('n_sub', 'subflow', { flow: 'child', outcomes: ['approved'] }),
          step('n_each', 'for_each', { over: { lines: 'items' }, flow: 'child', atOnce: 1 }),
          action('n_tell', 'notify', {
            to: [{ kind: 'role', role: 'chief' }],
            title: word('Order {code}'),
            values: { code: { var: 'code' } },
          }),
        ],
        [
          ['n_start', 'n_split'],
          ['n_split', 'n_find'],
          ['n_split', 'n_number'],
          ['n_split', 'n_copy'],
          ['n_find', 'n_join'],
          ['n_number', 'n_join'],
          ['n_copy', 'n_join'],
          ['n_join', 'n_sub'],
          ['n_sub', 'n_each', 'approved'],
          ['n_sub', 'n_each', 'ended'],
          ['n_each', 'n_tell'],
          ['n_tell', 'n_end'],
        ],
      )
      all['flows/child.json'] = flow(
        'child',
        false,
        [action('n_add', 'set_fields', { amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, 1] } })],
        [
          ['n_start', 'n_add'],
          ['n_add', 'n_end'],
        ],
      )
      const add = (id: string) =>
        action(id, 'set_fields', { amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, 1] } })
      const mark = (id: string) =>
        action(id, 'update_record', {
          object: 'org',
          record: { var: 'org' },
          values: { secret: { cat: [{ '??': [{ var: 'org.secret' }, ''] }, '+'] } },
        })
      const branches: [string, string, string?][] = [
        ['n_split', 'n_add'],
        ['n_split', 'n_more'],
        ['n_split', 'n_mark'],
        ['n_split', 'n_sign'],
        ['n_add', 'n_join'],
        ['n_more', 'n_join'],
        ['n_mark', 'n_join'],
        ['n_sign', 'n_join'],
        ['n_join', 'n_end'],
      ]
      const adding = [
        step('n_split', 'parallel'),
        add('n_add'),
        add('n_more'),
        mark('n_mark'),
        mark('n_sign'),
        step('n_join', 'join'),
      ]
      all['flows/adds.json'] = flow('adds', code('A-'), adding, [['n_start', 'n_split'], ...branches])
      all['flows/adds_too.json'] = flow('adds_too', code('A-'), adding, [['n_start', 'n_split'], ...branches])
      all['flows/adds_later.json'] = flow(
        'adds_later',
        code('L-'),
        [
          step('n_ask', 'approval', { approvers: [{ kind: 'role', role: 'clerk' }] }),
          action('n_who', 'set_fields', {
            note: { if: [{ in: ['clerk', { var: '$user.roles' }] }, 'a clerk', 'nobody'] },
          }),
          ...adding,
        ],
        [
          ['n_start', 'n_ask'],
          ['n_ask', 'n_who', 'approved'],
          ['n_ask', 'n_end', 'rejected'],
          ['n_who', 'n_split'],
          ...branches,
        ],
      )
      fieldsOf(all, 'objects/order.json').watcher = {
        'x-field': 'user',
        'x-id': 'f_watcher',
        title: 'Watcher',
        'x-title': { zh: 'Watcher' },
        type: 'string',
        format: 'uuid',
      }
      for (const [at, tellEnd] of [
        undefined,
        'nobody',
        [{ kind: 'field', path: 'watcher' }],
        [{ kind: 'applicant' }, { kind: 'field', path: 'watcher' }],
      ].entries()) {
        const told = flow(
          `told_${at}`,
          code('N-'),
          [step('n_ask', 'approval', { approvers: [{ kind: 'role', role: 'clerk' }] })],
          [
            ['n_start', 'n_ask'],
            ['n_ask', 'n_end', 'approved'],
            ['n_ask', 'n_end', 'rejected'],
          ],
        )
        if (tellEnd !== undefined) Object.assign(told.settings as JsonObject, { tellEnd })
        all[`flows/told_${at}.json`] = told
      }
      all['flows/hooked.json'] = flow(
        'hooked',
        code('H-'),
        [
          action('n_hook', 'webhook', {
            url: 'https://hooks.example.com/in',
            body: { code: { var: 'code' } },
          }),
        ],
        [
          ['n_start', 'n_hook'],
          ['n_hook', 'n_end'],
        ],
      )
      ;(all['grants/chief.json']!.platform as string[]).push('administer_flows')
      all['flows/patient.json'] = flow(
        'patient',
        code('KEPT-'),
        [
          step('n_hook', 'action', {
            effect: 'webhook',
            with: { url: 'https://hooks.example.com/in' },
            retry: { max: 3, backoff: 'fixed', wait: { after: 10, unit: 'minute' } },
            onFail: 'continue',
          }),
          step('n_known', 'condition'),
          step('n_lost', 'end', { outcome: 'lost' }),
        ],
        [
          ['n_start', 'n_hook'],
          ['n_hook', 'n_known'],
          ['n_known', 'n_end', { when: code('KEPT-') }],
          ['n_known', 'n_lost', { default: true }],
        ],
      )
      all['flows/pressed.json'] = {
        ...flow(
          'pressed',
          false,
          [step('n_wait', 'wait', { for: { event: 'paid' } })],
          [
            ['n_start', 'n_wait'],
            ['n_wait', 'n_end'],
          ],
        ),
        trigger: {
          type: 'button',
          label: word('Press'),
          roles: ['chief'],
          when: { '==': [{ var: 'note' }, 'go'] },
        },
      }
      all['flows/routed.json'] = flow(
        'routed',
        code('R-'),
        [
          step('n_route', 'assign', {
            candidates: 'org',
            into: 'org',
            rules: [
              { title: word('Best'), where: { startsWith: [{ var: 'name' }, 'Best'] }, by: 'least_recent' },
            ],
            open: true,
          }),
        ],
        [
          ['n_start', 'n_route'],
          ['n_route', 'n_end', 'assigned'],
          ['n_route', 'n_end', 'unassigned'],
        ],
      )
    }),
  )
  served = (await services.releases.current('effects'))!
  chief = await addMember(services, workspace, { name: 'Chu Chief', roles: ['chief'] })
  watcher = await addMember(services, workspace, { name: 'Wu Watcher', roles: ['chief'] })
  clerk = await addMember(services, workspace, { name: 'Cleo Clerk', roles: ['clerk'] })
}, 120_000)

afterAll(async () => {
  hook.close()
  await server?.close()
})

const asEngine = <T>(work: (unit: Unit) => Promise<T>) =>
  inUnit(server.services, served, engineActor(server.services, served, nobody), work)
const seed = (object: string, values: JsonObject) =>
  asEngine(async (unit) => (await createRecord(unit, object, values, { by: 'seed' })).id)

/** An order made by the chief, with all that its flow does at once. */
async function order(values: JsonObject, { drain = true } = {}): Promise<string> {
  const org = await seed('org', { name: 'Any' })
  const actor = engineActor(server.services, served, chief.user)
  const { id } = await inUnit(server.services, served, actor, (unit) =>
    createRecord(unit, 'order', { org, ...values }, { by: 'flow' }),
  )
  if (drain) await drainJobs(server.services, 'effects')
  return id
}

const read = async (id: string) => {
  const [row] = await asEngine((unit) =>
    unit.query<Record<string, string | null>>(`SELECT * FROM ${tableName('order')} WHERE id = $1`, [id]),
  )
  return row!
}
const tableName = (object: string) => {
  const { table } = served.tables.get(object)!
  return `"${served.workspace.schema}"."${table}"`
}
/** The runs of an order, with the step and the incident that each stands at. */
const runs = (id: string) => {
  const table = (name: string) => `"${served.workspace.schema}".cw_${name}`
  return asEngine((unit) =>
    unit.query<{ flow: string; status: string; incident: string | null }>(
      `SELECT r.flow, r.status, (SELECT a.incident->>'code' FROM ${table('activation')} a
         WHERE a.run = r.id AND a.incident IS NOT NULL) AS incident
       FROM ${table('run')} r WHERE r.record = $1 ORDER BY r.started_at DESC, r.id DESC`,
      [id],
    ),
  )
}

describe('a flow with everything', () => {
  test('splits, finds, numbers, copies, joins, starts flows, repeats and tells', async () => {
    const best = await seed('org', { name: 'Best one' })
    const id = await order({ code: 'W-new', note: 'Best one', items: [{ name: 'a' }, { name: 'b' }] })
    const row = await read(id)
    expect(row.org).toBe(best)
    expect(row.code).toMatch(/^W-\d{4}-001$/)
    // Once by the subflow, once for each line.
    expect(row.amount).toBe('3.00')
    const all = await runs(id)
    expect(all.map((run) => [run.flow, run.status]).sort()).toEqual([
      ['child', 'approved'],
      ['child', 'approved'],
      ['child', 'approved'],
      ['whole', 'approved'],
    ])
    const told = await asEngine((unit) =>
      unit.query<{ kind: string; data: JsonObject }>(
        `SELECT kind, data FROM "${served.workspace.schema}".cw_notification WHERE recipient = $1 AND kind = 'message'`,
        [chief.user],
      ),
    )
    expect(told).toEqual([
      { kind: 'message', data: { title: word(`Order ${row.code}`), text: { en: '', zh: '' } } },
    ])
    const ask = callAs(server.url, clerk)
    const copied = async () => (await ask('GET', '/api/v1/effects/tasks?limit=1')).body.counts.copied
    const { body } = await ask('GET', '/api/v1/effects/inbox/runs?box=copied')
    expect([await copied(), body.runs[0].record]).toEqual([1, id])
    expect((await ask('POST', `/api/v1/effects/runs/${body.runs[0].id}/read`)).status).toBe(204)
    expect(await copied()).toBe(0)
    const seen = await ask('GET', `/api/v1/effects/runs/${body.runs[0].id}`)
    expect(seen.body.copies).toMatchObject([
      { reader: { id: clerk.user, name: clerk.name }, read_at: expect.any(String) },
    ])
  })
})

describe('webhooks', () => {
  const send = async (url: string, name = 'H-1') => {
    const id = await order({ code: name, note: 'x' }, { drain: false })
    const [effect] = await asEngine((unit) =>
      unit.query<{ key: string; run: string; release: number }>(
        `SELECT e.key, e.run, r.release FROM "${served.workspace.schema}".cw_effect e
         JOIN "${served.workspace.schema}".cw_run r ON r.id = e.run WHERE r.record = $1`,
        [id],
      ),
    )
    await asEngine((unit) =>
      unit.query(
        `UPDATE "${served.workspace.schema}".cw_effect SET state = 'queued', payload = payload || $2 WHERE key = $1`,
        [effect!.key, JSON.stringify({ url })],
      ),
    )
    const work = { run: effect!.run, key: effect!.key, release: effect!.release, by: chief.user }
    return { id, work, key: effect!.key }
  }

  test('are sent with the key of the effect, and once when delivered again', async () => {
    const { id, work, key } = await send(`http://localhost:${port}/in`)
    calls.length = 0
    await applyEffect(server.services, 'effects', work)
    await applyEffect(server.services, 'effects', work)
    expect(calls.map((call) => [call.headers['idempotency-key'], call.body])).toEqual([
      [key, '{"code":"H-1"}'],
    ])
    expect((await runs(id))[0]?.status).toBe('approved')
  })
  test('that answer 500 are tried again, and 400 is an incident', async () => {
    const { id, work } = await send(`http://localhost:${port}/in`)
    answer = 500
    await expect(applyEffect(server.services, 'effects', work)).rejects.toThrow('500')
    answer = 400
    await applyEffect(server.services, 'effects', work)
    answer = 200
    const [run] = await runs(id)
    expect(run?.status).toBe('incident')
    expect(run?.incident).toBe('FLOW_EFFECT_FAILED')
  })
  test('are tried as often as their step says, then left where it says so, and administrators hear of it', async () => {
    const { id } = await send(`http://localhost:${port}/in`, 'KEPT-1')
    const tries = async (minutes: number) => {
      server.clock.advance({ minutes })
      await drainJobs(server.services, 'effects')
      return [calls.length, (await runs(id))[0]?.status]
    }
    calls.length = 0
    answer = 500
    expect(await tries(0)).toEqual([1, 'running'])
    expect(await tries(9)).toEqual([1, 'running'])
    expect(await tries(1)).toEqual([2, 'running'])
    expect(await tries(10)).toEqual([3, 'approved'])
    answer = 200
    expect(await tries(60)).toEqual([3, 'approved'])
    const { body } = await callAs(server.url, chief)('GET', '/api/v1/effects/notifications')
    const said = (body.notifications as { kind: string; sentence: { en: string } }[]).map(
      ({ kind, sentence }) => `${kind}: ${sentence.en}`,
    )
    expect(said).toContainEqual(expect.stringMatching(/^incident: Failed and left at "n_hook": .*patient/))
    const [run] = await asEngine((unit) =>
      unit.query<{ id: string }>(`SELECT id FROM "${served.workspace.schema}".cw_run WHERE record = $1`, [
        id,
      ]),
    )
    const { body: story } = await callAs(server.url, chief)('GET', `/api/v1/effects/runs/${run!.id}`)
    expect(JSON.stringify(story.timeline)).toContain(
      '\\"n_hook\\" failed and was left: the case went on without it (Call a webhook)',
    )
  })
  test('to this machine or its network are never sent', async () => {
    calls.length = 0
    for (const url of [
      `http://127.0.0.1:${port}/in`,
      'http://169.254.169.254/latest',
      `http://[::1]:${port}/`,
    ]) {
      const { id, work } = await send(url)
      await applyEffect(server.services, 'effects', work)
      expect((await runs(id))[0]?.status, url).toBe('incident')
    }
    expect(calls).toEqual([])
  })
})

describe('assigning', () => {
  test('takes turns, one case after the other', async () => {
    const orgs = [await seed('org', { name: 'Best two' }), await seed('org', { name: 'Best three' })]
    const ids: string[] = []
    for (let at = 0; at < 6; at++) ids.push(await order({ code: `R-${at}`, note: 'x' }))
    const given = await Promise.all(ids.map(async (id) => (await read(id)).org))
    const first = given.slice(0, 3)
    expect(new Set(first).size).toBe(3)
    expect(given.slice(3)).toEqual(first)
    expect(first).toEqual(expect.arrayContaining(orgs))
    const offers = await asEngine((unit) =>
      unit.query(`SELECT candidate FROM "${served.workspace.schema}".cw_offer ORDER BY id`),
    )
    expect(offers).toHaveLength(6)
  })
})

describe('fields that several branches and cases add to', () => {
  const secretOf = async (org: string) => {
    const [row] = await asEngine((unit) =>
      unit.query<{ secret: string | null }>(`SELECT secret FROM ${tableName('org')} WHERE id = $1`, [org]),
    )
    return row!.secret
  }

  test('lose nothing when their jobs run side by side', async () => {
    const org = await seed('org', { name: 'Marked' })
    const ids = [
      await order({ code: 'A-1', note: 'x', org }, { drain: false }),
      await order({ code: 'A-2', note: 'x', org }, { drain: false }),
    ]
    const orders = await asEngine((unit) =>
      unit.query<EffectOrder>(
        `SELECT e.key, e.run, r.release, e.by FROM "${served.workspace.schema}".cw_effect e
         JOIN "${served.workspace.schema}".cw_run r ON r.id = e.run WHERE r.record = ANY ($1) AND e.state = 'queued'`,
        [ids],
      ),
    )
    expect(orders).toHaveLength(16)
    // All of them have begun before the first may write.
    const holder = await server.services.owner.connect()
    await holder.query('BEGIN')
    await holder.query(`SELECT FROM ${tableName('order')} WHERE id = ANY ($1) FOR UPDATE`, [ids])
    const applied = orders.map((one) => applyEffect(server.services, 'effects', one).catch(() => undefined))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await holder.query('COMMIT')
    holder.release()
    await Promise.all(applied)
    await drainJobs(server.services, 'effects')
    expect((await Promise.all(ids.map(read))).map((row) => row.amount)).toEqual(['4.00', '4.00'])
    expect(await secretOf(org)).toBe('++++++++')
    expect((await runs(ids[0]!)).map(({ status }) => status)).toEqual(['approved', 'approved'])
  })

  test('lose nothing when they are written with the decision that leads to them', async () => {
    const org = await seed('org', { name: 'Marked too' })
    const id = await order({ code: 'L-1', note: 'x', org })
    const ask = callAs(server.url, clerk)
    const [task] = (await ask('GET', '/api/v1/effects/tasks')).body.tasks
    const reply = await ask('POST', `/api/v1/effects/tasks/${task.id}/decision`, {
      body: { decision: 'approve', taskRev: task.rev, commandId: server.services.ids.next() },
    })
    expect(reply.status, reply.text).toBe(200)
    await drainJobs(server.services, 'effects')
    // Rules read the person who decided, whoever it is that writes.
    expect(await read(id)).toMatchObject({ amount: '2.00', note: 'a clerk' })
    expect(await secretOf(org)).toBe('++')
  })
})

describe('the end of a case', () => {
  test('is told to those whom its flow names', async () => {
    const id = await order({ code: 'N-1', note: 'x', watcher: watcher.user })
    const ask = callAs(server.url, clerk)
    for (const task of (await ask('GET', '/api/v1/effects/tasks')).body.tasks)
      await ask('POST', `/api/v1/effects/tasks/${task.id}/decision`, {
        body: { decision: 'approve', taskRev: task.rev, commandId: server.services.ids.next() },
      })
    const told = await asEngine((unit) =>
      unit.query<{ flow: string; recipient: string }>(
        `SELECT r.flow, n.recipient FROM "${served.workspace.schema}".cw_notification n
         JOIN "${served.workspace.schema}".cw_run r ON r.id = n.run WHERE n.kind = 'ended' AND r.record = $1
         ORDER BY r.flow, n.recipient = $2`,
        [id, watcher.user],
      ),
    )
    expect(told).toEqual([
      { flow: 'told_0', recipient: chief.user },
      { flow: 'told_2', recipient: watcher.user },
      { flow: 'told_3', recipient: chief.user },
      { flow: 'told_3', recipient: watcher.user },
    ])
  })
})

describe('a flow with a button', () => {
  const press = (member: TestMember, record: string) =>
    callAs(server.url, member)('POST', '/api/v1/effects/flows/pressed/start', { body: { record } })

  test('is started by those who have it, on records it is for, once', async () => {
    const open = await order({ code: 'P-1', note: 'go' })
    const closed = await order({ code: 'P-2', note: 'no' })
    const [one, two] = await Promise.all([press(chief, open), press(chief, open)])
    expect([one.status, two.status], one.text).toEqual([200, 200])
    expect(one.body.run).toBe(two.body.run)
    expect((await press(chief, closed)).body.code).toBe('FLOW_BUTTON_CLOSED')
    expect((await press(clerk, open)).body.code).toBe('FLOW_BUTTON_CLOSED')
  })
})
