import { spawnSync } from 'node:child_process'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let deals: DealWorkspace
let north: string
let south: string
let line: string
let seller: TestMember
let southerner: TestMember
let partnerAdmin: TestMember
let manager: TestMember
let admin: TestMember

beforeAll(async () => {
  server = await startTestServer()
  deals = await createDealWorkspace(server.services, 'deals')
  manager = await deals.join({ name: 'Wang Wei', roles: ['channel_manager'] })
  admin = await deals.join({ name: 'Ada Admin', roles: ['business_admin'] })
  const partner = { type: 'reseller', status: 'active', channel_manager: manager.user }
  north = await deals.seed('partner', { ...partner, legal_name: '北方科技有限公司' })
  south = await deals.seed('partner', { ...partner, legal_name: '南方数码有限公司' })
  line = await deals.seed('product_line', { code: 'NB', name: 'Notebooks' })
  seller = await deals.join({ name: 'Sun Li', roles: ['partner_sales'], partner: north })
  partnerAdmin = await deals.join({ name: 'Qian Min', roles: ['partner_admin'], partner: north })
  southerner = await deals.join({ name: 'Li Na', roles: ['partner_sales'], partner: south })
})
afterAll(() => server?.close())

const at = (...parts: string[]) => `/api/v1/deals/records/${parts.join('/')}`
const as = (member: TestMember | null) => callAs(server.url, member)
const newForm = () => `${at('registration')}?form=registration_new`
let customers = 0
const registration = (values: JsonObject = {}): JsonObject => ({
  customer_name: `客户${++customers}有限公司`,
  product_line: line,
  amount: '120000',
  close_on: '2026-06-01',
  ...values,
})
const codesAt = (body: { details: { path: string; code: string }[] }) =>
  body.details.map((d) => [d.path, d.code])

describe('a record', () => {
  it('is created through a form: normalised, computed, numbered, what the form sets is set', async () => {
    const { status, body, headers } = await as(seller)('POST', newForm(), {
      body: registration({ customer_name: '上海浦东钢铁有限公司', amount: '120000' }),
    })
    expect(status).toBe(201)
    expect(headers.get('etag')).toBe('"1"')
    expect(body.record).toMatchObject({
      rev: 1,
      release: 1,
      number: 'DR-2026-00001',
      partner: north,
      amount: '120000.00',
      customer_key: '浦东钢铁',
      state: 'submitted',
      submitted_by: seller.user,
      protection: { from: '2026-03-02', to: '2026-05-31' },
    })
    const read = await as(seller)('GET', at('registration', body.record.id))
    expect(read.body.record).toEqual(body.record)
    expect(read.body.titles).toMatchObject({
      [north]: '北方科技有限公司',
      [line]: 'Notebooks',
      [seller.user]: 'Sun Li',
    })
  })

  it('keeps 18 digits exactly', async () => {
    const { body } = await as(seller)('POST', newForm(), {
      body: registration({ amount: '9999999999999999.99', note: 'large' }),
    })
    expect(body.record.amount).toBe('9999999999999999.99')
  })

  it('is refused where a rule of the form is not met, with the place', async () => {
    const { status, body } = await as(seller)('POST', newForm(), {
      body: registration({ amount: '500000', close_on: '2026-03-01' }),
    })
    expect([status, body.code]).toEqual([422, 'RECORD_REFUSED'])
    expect(codesAt(body)).toEqual([
      ['/note', 'FIELD_REQUIRED'],
      ['/close_on', 'FORM_CHECK_FAILED'],
    ])
  })

  it('drops what the form hides and never takes from input what it sets', async () => {
    const hidden = await as(seller)('POST', newForm(), {
      body: registration({ contact_phone: '13800138000' }),
    })
    expect(hidden.body.record.contact_phone).toBeNull()
    const set = await as(seller)('POST', newForm(), {
      body: registration({ state: 'approved', protection: { from: '2026-01-01', to: '2036-01-01' } }),
    })
    expect(set.status).toBe(400)
    expect(codesAt(set.body)).toEqual([
      ['/state', 'FORM_FIELD_FOREIGN'],
      ['/protection', 'FORM_FIELD_FOREIGN'],
    ])
    const direct = await as(seller)('POST', at('registration'), {
      body: registration({ partner: north, protection: { from: '2026-01-01', to: '2036-01-01' } }),
    })
    expect([direct.status, codesAt(direct.body)]).toEqual([
      403,
      [
        ['/partner', 'FIELD_BY_FORM'],
        ['/protection', 'FIELD_BY_FORM'],
      ],
    ])
  })

  it('moves through its states only as its lifecycle says, and tells from where to where', async () => {
    const { body } = await as(seller)('POST', newForm(), { body: registration() })
    const path = at('registration', body.record.id)
    const byHand = await as(admin)('PATCH', path, { body: { state: 'approved' } })
    expect([byHand.status, byHand.body.code]).toEqual([409, 'MOVE_BY_FLOW'])
    const nowhere = await as(admin)('PATCH', path, {
      body: { state: 'won' },
      headers: { 'accept-language': 'zh' },
    })
    expect([nowhere.status, nowhere.body.code]).toEqual([409, 'MOVE_REFUSED'])
    expect(nowhere.body.message).toBe('不能从"已提交"变为"已赢单"。')
    const born = await as(admin)('POST', at('registration'), {
      body: registration({ partner: north, state: 'won' }),
    })
    expect(born.body.code).toBe('MOVE_REFUSED')
  })

  it('is changed by those alone who may, field by field, and counts its writes', async () => {
    const id = await deals.seed('product_line', { code: 'PC', name: 'Desktops' })
    const path = at('product_line', id)
    const changed = await as(admin)('PATCH', path, {
      body: { name: 'Desktop PCs' },
      headers: { 'if-match': '"1"' },
    })
    expect([changed.status, changed.body.record.rev, changed.headers.get('etag')]).toEqual([200, 2, '"2"'])
    const same = await as(admin)('PATCH', path, { body: { name: 'Desktop PCs' } })
    expect(same.body.record.rev).toBe(2)
    const stale = await as(admin)('PATCH', path, { body: { name: 'PCs' }, headers: { 'if-match': '"1"' } })
    expect([stale.status, stale.body.code]).toEqual([412, 'RECORD_STALE'])
    const odd = await as(admin)('PATCH', path, { body: { name: 'PCs' }, headers: { 'if-match': 'two' } })
    expect([odd.status, odd.body.code]).toEqual([400, 'IF_MATCH_INVALID'])
    const foreign = await as(manager)('PATCH', path, { body: { name: 'Mine' } })
    expect([foreign.status, foreign.body.code]).toEqual([403, 'ACTION_FORBIDDEN'])
    const field = await as(partnerAdmin)('PATCH', at('partner', north), { body: { legal_name: 'Renamed' } })
    expect([field.status, codesAt(field.body)]).toEqual([403, [['/legal_name', 'FIELD_NOT_YOURS']]])
    expect(
      (await as(partnerAdmin)('PATCH', at('partner', north), { body: { phone: '010-12345678' } })).status,
    ).toBe(200)
  })

  it('lets the last of many changes through one after the other, losing none', async () => {
    const id = await deals.seed('contact', { partner: north, name: 'Chen' })
    const fields = ['phone', 'email', 'job', 'decision_maker', 'languages']
    const values: Json[] = ['13800138000', 'chen@example.test', 'sales', true, ['zh']]
    const answers = await Promise.all(
      fields.map((field, i) => as(admin)('PATCH', at('contact', id), { body: { [field]: values[i]! } })),
    )
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200])
    const { body } = await as(admin)('GET', at('contact', id))
    expect(fields.map((field) => body.record[field])).toEqual(values)
    expect(body.record.rev).toBe(6)
  })

  it('goes to the bin and comes back, with its history', async () => {
    const { body } = await as(admin)('POST', at('product_line'), { body: { code: 'TAB', name: 'Tablets' } })
    const { id } = body.record
    const path = at('product_line', id)
    expect((await as(manager)('DELETE', path)).status).toBe(403)
    expect((await as(admin)('DELETE', path, { headers: { 'if-match': '"9"' } })).status).toBe(412)
    expect((await as(admin)('DELETE', path)).status).toBe(204)
    expect((await as(admin)('GET', path)).status).toBe(404)
    expect((await as(admin)('DELETE', path)).status).toBe(404)
    const again = await as(admin)('POST', at('product_line'), {
      body: { code: 'TAB', name: 'Tablets again' },
    })
    expect(again.status).toBe(201)
    const taken = await as(admin)('POST', `${path}/restore`)
    expect([taken.status, taken.body.code, taken.body.message]).toEqual([
      409,
      'NOT_UNIQUE',
      'This code is taken.',
    ])
    await as(admin)('DELETE', at('product_line', again.body.record.id))
    const back = await as(admin)('POST', `${path}/restore`)
    expect([back.status, back.body.record.name]).toEqual([200, 'Tablets'])
    const history = await as(admin)('GET', `${path}/history`)
    expect(history.body.entries.map((e: { action: string }) => e.action)).toEqual([
      'restore',
      'delete',
      'create',
    ])
    expect(history.body.entries[2]).toMatchObject({ by: admin.user, name: 'Ada Admin', release: 1 })
    expect(history.body.entries[2].changes).toContainEqual({ field: 'code', before: null, after: 'TAB' })
  })

  it('is written once for one Idempotency-Key, and another body under the key is refused', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const body = registration()
    const answers = await Promise.all([1, 2, 3].map(() => as(seller)('POST', newForm(), { body, headers })))
    expect(answers.map((a) => a.status)).toEqual([201, 201, 201])
    expect(new Set(answers.map((a) => a.body.record.id)).size).toBe(1)
    const other = await as(seller)('POST', newForm(), { body: { ...body, amount: '1' }, headers })
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT'])
    const somebody = await as(southerner)('POST', newForm(), { body: registration(), headers })
    expect(somebody.status).toBe(201)
  })

  it('may name only records and people that its writer can see', async () => {
    const stranger = await deals.seed('contact', { partner: south, name: 'Hidden' })
    const refused = await as(partnerAdmin)('POST', at('contact'), { body: { partner: south, name: 'Spy' } })
    expect([refused.status, codesAt(refused.body)]).toEqual([422, [['/partner', 'REFERENCE_UNKNOWN']]])
    const none = await as(partnerAdmin)('POST', at('contact'), {
      body: { partner: '01900000-0000-7000-8000-000000000000', name: 'Spy' },
    })
    expect(codesAt(none.body)).toEqual(codesAt(refused.body))
    expect(
      (await as(partnerAdmin)('PATCH', at('contact', stranger), { body: { name: 'Mine' } })).status,
    ).toBe(404)
    const nobody = await as(admin)('PATCH', at('partner', north), {
      body: { channel_manager: '01900000-0000-7000-8000-000000000000' },
    })
    expect(codesAt(nobody.body)).toEqual([['/channel_manager', 'USER_UNKNOWN']])
  })
})

describe('a protected customer', () => {
  it('is refused to others until the day it ends, and nothing is said of whose it is', async () => {
    const customer_name = '广州珠江电器有限公司'
    expect((await as(seller)('POST', newForm(), { body: registration({ customer_name }) })).status).toBe(201)
    const { status, body, text } = await as(southerner)('POST', newForm(), {
      body: registration({ customer_name: '珠江电器' }),
      headers: { 'accept-language': 'zh' },
    })
    expect([status, body.code]).toEqual([409, 'NOT_EXCLUSIVE'])
    expect(body.message).toBe('该客户的该产品线已被报备保护,保护期至 2026-05-30。')
    expect(text).not.toContain('北方')
    expect(text).not.toContain(north)
  })

  it('is protected for exactly one of a hundred who hand it in at once', { timeout: 120_000 }, async () => {
    const before = await as(admin)('GET', `${at('registration')}?count=true&limit=1`)
    const body = registration({ customer_name: '深圳同时科技有限公司' })
    const callers = Array.from({ length: 100 }, (_, i) => as(i % 2 ? seller : southerner))
    const answers = await Promise.all(callers.map((call) => call('POST', newForm(), { body })))
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(99)
    for (const answer of answers)
      if (answer.status === 409)
        expect(answer.body).toMatchObject({
          code: 'NOT_EXCLUSIVE',
          message: 'This customer is already protected for this product line until 2026-05-30.',
        })
    const after = await as(admin)('GET', `${at('registration')}?count=true&limit=1`)
    expect(after.body.count.value).toBe(before.body.count.value + 1)
  })

  it('leaves no gap in the numbers where a write was refused', async () => {
    const { body } = await as(admin)('GET', `${at('registration')}?sort=number&fields=number&limit=200`)
    const numbers = body.records
      .map((r: { number: string }) => Number(r.number.slice(-5)))
      .sort((a: number, b: number) => a - b)
    expect(numbers).toEqual(numbers.map((_: number, i: number) => i + 1))
  })
})

describe('bad input', () => {
  const digits = '9'.repeat(40)
  const deep = (depth: number): Json => (depth ? [deep(depth - 1)] : 1)
  const cases: [string, string, number, string?][] = [
    ['an extra property', '{"name":"x","code":"y","colour":"red"}', 400, '/colour'],
    ['a wrong type', '{"name":7,"code":"y"}', 400, '/name'],
    ['a list for a text', '{"name":["x"],"code":"y"}', 400, '/name'],
    ['a missing field', '{"name":"x"}', 400, '/code'],
    ['a required field emptied', '{"name":"x","code":null}', 400, '/code'],
    ['NaN', '{"name":"x","code":NaN}', 400],
    ['a lone surrogate', '{"name":"\\ud800","code":"y"}', 400, '/name'],
    ['a null character', '{"name":"a\\u0000b","code":"y"}', 400, '/name'],
    ['a control character', '{"name":"a\\u0007b","code":"y"}', 400, '/name'],
    ['__proto__', '{"name":"x","code":"y","__proto__":{"active":false}}', 400, '/__proto__'],
    ['constructor', '{"name":"x","code":"y","constructor":{"prototype":{}}}', 400, '/constructor'],
    ['a text too long', `{"name":"${'x'.repeat(201)}","code":"y"}`, 400, '/name'],
    ['a list as body', '[]', 400],
    ['no JSON', '{"name":', 400],
    ['a deep nest', JSON.stringify({ name: deep(100), code: 'y' }), 400],
    ['an endless number', '{"name":"x","code":"y","active":1e999}', 400, '/active'],
    ['two megabytes', JSON.stringify({ name: 'x'.repeat(2_000_000), code: 'y' }), 413],
  ]
  it.each(cases)('%s is refused with the place', async (_name, raw, status, path) => {
    const answer = await as(admin)('POST', at('product_line'), { raw })
    expect(answer.status).toBe(status)
    if (path) expect(answer.body.details.map((d: { path: string }) => d.path)).toContain(path)
  })

  const amounts: [string, Json][] = [
    ['40 digits', digits],
    ['a float', 0.1],
    ['an exponent', '1e5'],
    ['too many places', '1.001'],
    ['a word', 'much'],
    ['zero', '0'],
    ['infinity', 'Infinity'],
    ['an object', { dec: '1' }],
  ]
  it.each(amounts)('an amount of %s is refused', async (_name, amount) => {
    const { status, body } = await as(seller)('POST', newForm(), { body: registration({ amount }) })
    expect(status).toBe(400)
    expect(body.details[0].path).toBe('/amount')
  })

  it('of other fields is refused too', async () => {
    const { status, body } = await as(seller)('POST', newForm(), {
      body: {
        ...registration(),
        close_on: '2026-02-30',
        product_line: 'NB',
        customer_uscc: 'O'.repeat(18),
        number: 'DR-1',
      },
    })
    expect(status).toBe(400)
    expect(
      codesAt(body)
        .map(([path]) => path)
        .sort(),
    ).toEqual(['/close_on', '/customer_uscc', '/number', '/product_line'])
  })

  const queries: [string, string, string][] = [
    ['a filter that is no JSON', 'filter={', 'FILTER_INVALID'],
    ['an unknown operator', 'filter={"sudo":[1]}', 'FILTER_INVALID'],
    ['an unknown field', 'filter={"==":[{"var":"nothing"},1]}', 'FILTER_INVALID'],
    ['an ill-typed comparison', 'filter={"==":[{"var":"amount"},"x"]}', 'FILTER_INVALID'],
    ['a filter beyond conditions', 'filter={"map":[[1],{"var":""}]}', 'FILTER_INVALID'],
    ['a path into a prototype', 'filter={"exists":[{"var":"constructor.name"}]}', 'FILTER_INVALID'],
    ['a cursor that somebody made up', 'cursor=abc', 'CURSOR_INVALID'],
    ['a sort by nothing', 'sort=colour', 'LIST_INVALID'],
    ['a sort with SQL in it', 'sort=amount;drop', 'LIST_INVALID'],
    ['a sort by what has no order', 'sort=partner', 'LIST_INVALID'],
    ['unknown fields', 'fields=amount,colour', 'LIST_INVALID'],
    ['an expand of no reference', 'expand=amount', 'LIST_INVALID'],
    ['a limit too large', 'limit=201', 'REQUEST_INVALID'],
    ['an unknown view', 'view=secrets', 'VIEW_UNKNOWN'],
  ]
  it.each(queries)('%s is refused', async (_name, query, code) => {
    const { status, body } = await as(seller)('GET', `${at('registration')}?${query}`)
    expect([status < 500, body.code]).toEqual([true, code])
  })

  it('names no object and no record', async () => {
    expect((await as(seller)('GET', at('unheard_of'))).body.code).toBe('OBJECT_UNKNOWN')
    expect((await as(seller)('GET', at('registration', '01900000-0000-7000-8000-000000000000'))).status).toBe(
      404,
    )
    expect((await as(seller)('GET', at('registration', 'x'))).status).toBe(400)
  })
})

describe('a list', () => {
  beforeAll(async () => {
    const amounts = ['10.00', '20.00', '20.00', '30.00', null]
    for (const [i, annual_commitment] of amounts.entries())
      await deals.seed('partner', {
        legal_name: `Listed ${i}`,
        type: 'agent',
        status: 'prospect',
        ...(annual_commitment ? { annual_commitment } : {}),
      })
  })
  const listed = encodeURIComponent('{"==":[{"var":"type"},"agent"]}')
  const walk = async (sort: string, limit: number) => {
    const names: string[] = []
    let cursor = ''
    do {
      const { body } = await as(admin)(
        'GET',
        `${at('partner')}?filter=${listed}&sort=${sort}&limit=${limit}${cursor}`,
      )
      names.push(...body.records.map((r: { legal_name: string }) => r.legal_name.slice(-1)))
      cursor = body.next ? `&cursor=${body.next}` : ''
    } while (cursor)
    return names.join('')
  }

  it.each([1, 2, 3, 50])('is the same in pages of %i', async (limit) => {
    expect(await walk('annual_commitment', limit)).toBe('01234')
    expect(await walk('-annual_commitment', limit)).toBe('43210')
    expect(await walk('-annual_commitment,legal_name', limit)).toBe('43120')
    expect(await walk('legal_name', limit)).toBe('01234')
    expect(await walk('-created_at', limit)).toHaveLength(5)
  })

  it('refuses the cursor of another list', async () => {
    const { body } = await as(admin)('GET', `${at('partner')}?sort=legal_name&limit=1`)
    const other = await as(admin)('GET', `${at('partner')}?sort=-legal_name&limit=1&cursor=${body.next}`)
    expect(other.body.code).toBe('CURSOR_INVALID')
  })

  it('filters through references, searches and counts', async () => {
    const through = encodeURIComponent('{"==":[{"var":"partner.legal_name"},"南方数码有限公司"]}')
    const { body } = await as(admin)('GET', `${at('registration')}?filter=${through}&expand=*&count=true`)
    expect(body.count.value).toBe(body.records.length)
    expect(new Set(body.records.map((r: { partner: string }) => r.partner))).toEqual(new Set([south]))
    const found = await as(admin)('GET', `${at('partner')}?view=partners&search=listed%203`)
    expect(found.body.records.map((r: { legal_name: string }) => r.legal_name)).toEqual(['Listed 3'])
    const literal = await as(admin)('GET', `${at('partner')}?view=partners&search=%25`)
    expect(literal.body.records).toEqual([])
  })

  it('filters by what their lines hold', async () => {
    const find = async (filter: Json) => {
      const text = encodeURIComponent(JSON.stringify(filter))
      const { status, body } = await as(admin)('GET', `${at('registration')}?filter=${text}&count=true`)
      expect(status, JSON.stringify(body)).toBe(200)
      return body.count.value as number
    }
    const items: Json = { var: 'items' }
    const all = await find(true)
    expect(all).toBeGreaterThan(0)
    const none = await find({ '==': [{ count: [items] }, 0] })
    const some = await find({ any: [items, 'item', { '>': [{ '??': [{ var: 'item.quantity' }, 0] }, 0] }] })
    expect(none + some).toBe(all)
    const much = { '>': [{ sum: [items, 'item', { '??': [{ var: 'item.quantity' }, 0] }] }, 1_000_000] }
    expect(await find(much)).toBe(0)
  })

  it('is exported with titles, and nothing in it runs as a formula', async () => {
    await deals.seed('contact', { partner: north, name: '=HYPERLINK("http://evil")' })
    const { status, text } = await as(admin)('GET', `${at('contact')}/export?sort=name`)
    expect(status).toBe(200)
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(text).toContain('北方科技有限公司')
    expect((await as(manager)('GET', `${at('contact')}/export`)).status).toBe(403)
  })
})

describe('the validator of a form', () => {
  it('is one module without eval that judges in the browser as the server does', async () => {
    const form = await as(seller)('GET', '/api/v1/deals/forms/registration_new')
    const { status, headers, text } = await as(seller)('GET', form.body.validator)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/javascript; charset=utf-8'])
    expect(headers.get('cache-control')).toContain('immutable')
    // The engine of patterns is a module of its own, which every form shares.
    const [address = ''] = /\/api\/modules\/patterns-\w+\.js/.exec(text) ?? []
    const engine = await as(null)('GET', address)
    expect([engine.status, engine.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    const asData = (code: string) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
    // Run where code cannot be made from text, as on a page under `script-src 'self'`.
    const bad = { customer_name: '客', amount: '1.001', close_on: '2026-02-30', customer_uscc: 'O' }
    const script = `import validate from '${asData(text.replace(address, asData(engine.text)))}'
      const good = validate({ customer_name: '客户有限公司', amount: '1.00', close_on: '2026-06-01' })
      validate(${JSON.stringify(bad)})
      console.log(JSON.stringify([good, ...new Set(validate.errors.map((e) => e.instancePath))].sort()))`
    const run = spawnSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--input-type=module'],
      {
        input: script,
        encoding: 'utf8',
      },
    )
    expect(JSON.parse(run.stdout || JSON.stringify(run.stderr.slice(0, 500)))).toEqual([
      '/amount',
      '/close_on',
      '/customer_name',
      '/customer_uscc',
      true,
    ])
    const gone = await as(seller)(
      'GET',
      '/api/v1/deals/forms/registration_new/validator-00000000000000000000.js',
    )
    expect([gone.status, gone.body.code]).toEqual([404, 'FILE_GONE'])
  })
})
