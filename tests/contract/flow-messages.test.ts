import { createHmac } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { describe, expect, test } from 'vitest'
import { step } from '../support/flow-sketch.ts'
import { callAs } from '../support/members.ts'
import { ask, code, flow, set, text, useStartsWorld, when } from '../support/starts-world.ts'

// What other systems tell: messages that begin cases, events that cases wait for.

const flows = () => [
  flow('daily', { type: 'schedule', cron: '0 9 * * *', records: code('D-'), applicant: { role: 'chief' } }, [
    set('n_mark', { note: { cat: [{ '??': [{ var: 'note' }, ''] }, '+'] } }),
    ask('n_ask'),
  ]),
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
]

const world = useStartsWorld('messages', flows)
const { key, settle, table, sql, order, read, runsOf, statesOf, finishTask, tasksAt } = world

describe('a message of another system', () => {
  const address = `/hooks/${key}/hooked`
  let secret = ''
  let count = 0

  function sign(body: string, using: string, { id = `m${++count}`, age = 0 } = {}): Record<string, string> {
    const at = String(Math.floor(Date.parse(world.server.clock.now()) / 1000) - age)
    const signature = createHmac('sha256', Buffer.from(using.slice(6), 'base64'))
      .update(`${id}.${at}.${body}`)
      .digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` }
  }
  const post = (path: string, raw: string, headers: Record<string, string> = {}) =>
    callAs(world.server.url, null)('POST', path, { raw, headers })
  const renew = async (body: JsonObject = {}) => {
    const reply = await callAs(world.server.url, world.chief)(
      'POST',
      `/api/v1/${key}/flows/hooked/hook-secret`,
      { body },
    )
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
      org: world.org,
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
    world.server.clock.advance({ seconds: 1 })
    const bad = JSON.stringify({ ref: 5, amount: '1.234' })
    const reply = await post(address, bad, sign(bad, secret))
    expect([reply.status, reply.body.code]).toEqual([422, 'HOOK_INVALID'])
    expect(reply.body.details.map((one: { path: string }) => one.path).sort()).toContain('/ref')
    const broken = await post(address, '{', sign('{', secret))
    expect([broken.status, broken.body.code]).toEqual([400, 'BODY_NOT_JSON'])
    const large = JSON.stringify({ ref: 'x'.repeat(300_000), name: 'x' })
    expect((await post(address, large, sign(large, secret))).status).toBe(413)

    const hooks = async () =>
      (await callAs(world.server.url, world.chief)('GET', `/api/v1/${key}/flow-hooks`)).body.hooks
    expect((await hooks())[0].last).toMatchObject({ refused: 'BODY_NOT_JSON', run: null })

    const old = secret
    secret = (await renew()).secret
    const body = JSON.stringify({ ref: 'R-3', name: 'three' })
    world.server.clock.advance({ seconds: 1 })
    const taken = await post(address, body, sign(body, old))
    expect(taken.status).toBe(200)
    expect((await hooks())[0].last).toMatchObject({ refused: null, started: true, run: taken.body.run })
    secret = (await renew({ atOnce: true })).secret
    expect((await post(address, body, sign(body, old))).status).toBe(401)
    expect((await post(address, body, sign(body, secret))).status).toBe(200)
    const { body: listed } = await callAs(world.server.url, world.chief)('GET', `/api/v1/${key}/flow-hooks`)
    expect(listed.hooks).toMatchObject([
      { flow: 'hooked', ready: true, previous_until: null, signature: null },
      { flow: 'stamped', ready: false, last: null, signature: { header: expect.any(String) } },
    ])
    expect(JSON.stringify(listed)).not.toContain(secret)
    // Nobody but those who administer flows has anything to do with secrets.
    expect((await callAs(world.server.url, world.outside)('GET', `/api/v1/${key}/flow-hooks`)).status).toBe(
      403,
    )
    const kept = await sql<{ secret: Buffer }>(`SELECT secret FROM ${table('hook')}`)
    expect(kept[0]!.secret.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false)
  })

  test('that signs its time in its own way is taken while it is fresh, once, under one id', async () => {
    const made = await callAs(world.server.url, world.chief)(
      'POST',
      `/api/v1/${key}/flows/stamped/hook-secret`,
      {
        body: {},
      },
    )
    const stamp = (
      body: string,
      id: string,
      { age = 0, using = String(made.body.secret), digits = 1000 } = {},
    ) => {
      const at = String(Math.floor((Date.parse(world.server.clock.now()) - age * 1000) / digits))
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
      await world.server.services.owner.query<{ count: number }>('SELECT count FROM channelwright.hook_guess')
    ).rows
    expect(before!.count).toBeGreaterThan(10)
    await world.server.services.owner.query('UPDATE channelwright.hook_guess SET count = 59')
    expect([(await wrong()).status, (await wrong()).status]).toEqual([401, 429])
    world.server.clock.advance({ minutes: 2 })
    expect((await wrong()).status).toBe(401)
  })

  test('is held to so many a minute', async () => {
    const statuses: number[] = []
    for (let at = 0; at < 12; at++) {
      const body = JSON.stringify({ ref: `R-${at}`, name: 'many' })
      statuses.push((await post(address, body, sign(body, secret))).status)
    }
    expect(statuses).toContain(429)
    world.server.clock.advance({ minutes: 2 })
    const body = JSON.stringify({ ref: 'R-1', name: 'later' })
    expect((await post(address, body, sign(body, secret))).status).toBe(200)
  })
})

describe('an event', () => {
  const raise = (body: JsonObject, who = world.outside) =>
    callAs(world.server.url, who)('POST', `/api/v1/${key}/flow-events`, { body })

  test('tells the cases of its record that wait for it, once, and brings its data', async () => {
    const [one, two] = [await order({ code: 'E-1' }), await order({ code: 'E-2' })]
    expect(
      (await raise({ id: 'ev1', event: 'paid', record: one, data: { by: 'bank' } }, world.chief)).status,
    ).toBe(403)
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
    world.server.clock.advance({ minutes: 11 })
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
