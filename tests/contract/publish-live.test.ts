import { ensureRoleSet } from '@channelwright/server/access/ensure-roles.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { runPlanNow } from '@channelwright/server/incentives/run-due-plan.ts'
import { planDrafts } from '@channelwright/server/publish/publish-drafts.ts'
import {
  type PublishOptions,
  preparePublish,
  publishSources,
} from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { updateRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor, Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'
import { fieldsOf, moneyField, putRow, runAs, textField, tinyPack } from '../support/tiny-pack.ts'

// Publishing while people work: who waits, whose writes are kept, and what becomes of values that new limits refuse.

let test: TestServices
let workspace: Workspace
let count = 0
beforeAll(async () => {
  test = await openTestServices()
})
afterAll(() => test.close())
beforeEach(async () => {
  workspace = await createWorkspace(test.services, {
    key: `l${++count}`,
    title: { en: 'L', zh: 'L' },
    timeZone: 'UTC',
  })
})

type Change = Parameters<typeof tinyPack>[0]
const publish = (change?: Change, options: PublishOptions = {}) =>
  publishSources(test.services, workspace, tinyPack(change), options)
const query = async <T>(text: string, values: unknown[] = []) =>
  (await test.services.owner.query(text, values)).rows as T[]
const table = (name: string) => `"${workspace.schema}"."${name}"`
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

async function putOrders(number: number): Promise<string> {
  const org = await putRow(test.services, workspace, 'org', { name: 'One' })
  await query(
    `INSERT INTO ${table('order')} (id, release, created_at, updated_at, org, code, note, amount)
     SELECT gen_random_uuid(), 1, now(), now(), $1, 'C' || n, n::text, n + 0.50 FROM generate_series(1, $2::int) n`,
    [org, number],
  )
  return org
}

async function actAs(role: string): Promise<Actor> {
  const pgRole = await ensureRoleSet(test.services, workspace.key, [role])
  const user = '00000000-0000-7000-8000-0000000000aa'
  return { user, name: '', email: '', locale: 'en', roles: [role], partner: null, partners: [], pgRole }
}

async function update(id: string, values: Parameters<typeof updateRecord>[3], actor: Actor) {
  const served = (await test.services.releases.current(workspace.key))!
  return inUnit(test.services, served, actor, (unit) => updateRecord(unit, 'order', id, values))
}

describe('publishing beside people who write', () => {
  it('never queues behind a long reader: writers go on while it waits', async () => {
    await publish()
    await putOrders(1_200)
    const [one] = await query<{ id: string }>(`SELECT id FROM ${table('order')} LIMIT 1`)
    const reader = await test.services.owner.connect()
    try {
      await reader.query('BEGIN')
      await reader.query(`SELECT count(*) FROM ${table('order')}`)
      let done = false
      const publishing = publish((d) => {
        fieldsOf(d, 'objects/order.json').extra = textField('f_extra', 'Extra')
      }).then(() => {
        done = true
      })
      let longest = 0
      for (const until = performance.now() + 1_500; performance.now() < until; ) {
        const begun = performance.now()
        await query(`UPDATE ${table('order')} SET rev = rev + 1 WHERE id = $1`, [one!.id])
        longest = Math.max(longest, performance.now() - begun)
        await pause(1)
      }
      expect(done).toBe(false)
      // Far from the 1,500 ms of the reader; the rest is room for a busy machine.
      expect(longest).toBeLessThan(500)
      await reader.query('COMMIT')
      await publishing
    } finally {
      reader.release()
    }
    expect((await test.services.releases.current(workspace.key))?.number).toBe(2)
  })

  it.each([
    ['a small table', 20],
    ['a large one', 1_500],
  ])('keeps what servers of the old release write while a field of %s changes its type', async (_, rows) => {
    await publish()
    const org = await putOrders(rows)
    const ids = (await query<{ id: string }>(`SELECT id FROM ${table('order')} ORDER BY id LIMIT 20`)).map(
      (row) => row.id,
    )
    const role = await ensureRoleSet(test.services, workspace.key, ['chief'])
    const wrote = new Map<string, string>()
    let stopped = false
    // As a server that has not heard of the switch: the old column, under the rights of a person.
    const old = (async () => {
      for (let n = 0; !stopped; n++) {
        const id = ids[n % ids.length]!
        await runAs(test.services, { role }, (client) =>
          client.query(`UPDATE ${table('order')} SET note = $2, rev = rev + 1 WHERE id = $1`, [id, `${n}.5`]),
        )
        wrote.set(id, `${n}.50`)
      }
    })()
    await publish((d) => {
      fieldsOf(d, 'objects/order.json').note = moneyField('f_note', 'Note')
    })
    await pause(50)
    stopped = true
    await old
    const now = await query<{ id: string; note: string }>(
      `SELECT id, note_2::text AS note FROM ${table('order')} WHERE id = ANY ($1::uuid[])`,
      [[...wrote.keys()]],
    )
    expect(wrote.size).toBeGreaterThan(0)
    expect(new Map(now.map((row) => [row.id, row.note]))).toEqual(wrote)
    // A server of the new release names the new column alone.
    const id = await putRow(test.services, workspace, 'order', { org, code: 'new', note_2: '7.00' })
    expect(await query(`SELECT note_2::text AS note FROM ${table('order')} WHERE id = $1`, [id])).toEqual([
      { note: '7.00' },
    ])
    await publish((d) => {
      fieldsOf(d, 'objects/order.json').note = moneyField('f_note', 'Note')
    })
    expect(await query(`SELECT tgname FROM pg_trigger WHERE tgname LIKE 'cw\\_bridge%'`)).toEqual([])
    await expect(
      runAs(test.services, { role }, (client) => client.query(`SELECT note FROM ${table('order')} LIMIT 1`)),
    ).rejects.toMatchObject({ code: '42501' })
  })

  it('says who waits for an exclusive period on a large table, and has it confirmed', async () => {
    const term = { ...textField('f_term', 'Term'), 'x-field': 'period', type: 'object' } as Record<
      string,
      string
    >
    delete term.maxLength
    await publish((d) => {
      fieldsOf(d, 'objects/order.json').term = term
    })
    await query(`ALTER TABLE ${table('order')} DISABLE TRIGGER cw_history`)
    await putOrders(12_000)
    const withRule: Change = (d) => {
      fieldsOf(d, 'objects/order.json').term = term
      d['objects/order.json']!.exclusive = [
        { 'x-id': 'x_code', fields: ['code'], period: 'term', message: { en: 'Taken.', zh: '已占用。' } },
      ]
    }
    await query(`UPDATE ${table('order')} SET term = '[2026-01-01,2026-04-01)'; ANALYZE ${table('order')}`)
    await expect(publish(withRule)).rejects.toMatchObject({
      code: 'PUBLISH_UNCONFIRMED',
      values: { names: 'order.code' },
    })
    const { steps } = await preparePublish(test.services, workspace, tinyPack(withRule))
    expect(steps[0]?.words.en).toContain('waits while 12,000 records are compared, about 2 s')
    await query(`UPDATE ${table('order')} SET code = 'C1', term = '[2026-03-01,)' WHERE code = 'C2'`)
    await expect(publish(withRule)).rejects.toMatchObject({
      code: 'PUBLISH_DATA_REFUSED',
      values: { detail: expect.stringContaining('1 of them overlap') },
    })
  })
})

describe('a plan that posted money from a field', () => {
  const plan = (when: unknown, rate: string) => ({
    kind: 'plan/1',
    key: 'bonus',
    'x-id': 'pl_bonus',
    title: { en: 'Bonus', zh: 'Bonus' },
    currency: 'CNY',
    effective: { from: '2026-01-01' },
    events: { object: 'order', date: 'sold', earner: 'org', when },
    measures: { amount: { 'x-id': 'm_amount', method: 'sum', of: { '??': [{ var: 'amount' }, 0] } } },
    window: 'quarter',
    bands: {
      'x-id': 'b',
      method: 'marginal',
      lookup: 'amount',
      payOn: 'amount',
      bound: 'lower',
      unit: 'rate',
      rows: [{ 'x-id': 'r1', from: '0', value: rate }],
    },
    rounding: { scale: 2, mode: 'half_up' },
  })

  it.each(['leaves', 'changes its type'])('is named when the field %s, and can still be run', async (how) => {
    const change =
      (policy: unknown, edit: (fields: Record<string, unknown>) => void = () => undefined): Change =>
      (d) => {
        const fields = fieldsOf(d, 'objects/order.json')
        fields.sold = {
          'x-field': 'date',
          'x-id': 'f_sold',
          title: 'Sold',
          'x-title': { zh: 'Sold' },
          type: 'string',
          format: 'date',
        }
        d['plans/bonus.json'] = policy as never
        edit(fields)
      }
    await publish(change(plan({ '==': [{ var: 'note' }, 'yes'] }, '0.1')))
    const org = await putRow(test.services, workspace, 'org', { name: 'One' })
    const order = { org, amount: '100.00', sold: '2026-02-01' }
    await putRow(test.services, workspace, 'order', { ...order, code: 'A', note: 'yes' })
    expect((await runPlanNow(test.services, workspace.key, 'bonus')).posted).toBe('10.00')
    const { steps } = await publish(
      change(plan(true, '0.2'), (fields) => {
        if (how === 'leaves') delete fields.note
        else fields.note = moneyField('f_note', 'Note')
      }),
      { confirmed: ['order.note'] },
    )
    expect(steps.map((step) => step.words.en).join()).toContain('The plan bonus@1 posted money from it')
    await putRow(test.services, workspace, 'order', { ...order, code: 'B' })
    // The first order stays with the wording it was paid under; the second is new.
    expect((await runPlanNow(test.services, workspace.key, 'bonus')).posted).toBe('20.00')
    expect((await runPlanNow(test.services, workspace.key, 'bonus')).posted).toBe('0')
  })
})

describe('tighter limits', () => {
  const note = (more: Record<string, unknown>) => (d: Parameters<NonNullable<Change>>[0]) => {
    fieldsOf(d, 'objects/order.json').note = textField('f_note', 'Note', more as never)
  }

  it('are counted, shown with a few records, confirmed by name, and met by whoever changes the field', async () => {
    await publish()
    await putOrders(30)
    const [one] = await query<{ id: string }>(
      `UPDATE ${table('order')} SET note = 'far too long' WHERE code = 'C1' RETURNING id`,
    )
    await expect(publish(note({ maxLength: 5 }))).rejects.toMatchObject({
      code: 'PUBLISH_UNCONFIRMED',
      values: { names: 'order.note' },
    })
    const { steps } = await publish(note({ maxLength: 5 }), { confirmed: ['order.note'] })
    expect(steps).toMatchObject([{ action: 'tighten_field', rows: 1, examples: [one!.id] }])
    expect(steps[0]!.words.en).toContain(`1 records hold values beyond them (${one!.id})`)
    const chief = await actAs('chief')
    // Something else may be changed; the field itself has to fit.
    await update(one!.id, { amount: '3.00' }, chief)
    await expect(update(one!.id, { note: 'still too long' }, chief)).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      details: [{ path: '/note' }],
    })
    await update(one!.id, { note: 'fits' }, chief)
    expect((await publish(note({ maxLength: 5 }))).steps).toEqual([])
  })

  it('are counted for patterns, amounts, choices, fields of lines and the number of lines', async () => {
    const choice = (...values: string[]) => ({
      'x-field': 'choice',
      'x-id': 'f_kind',
      title: 'Kind',
      'x-title': { zh: 'Kind' },
      type: 'string',
      oneOf: values.map((value) => ({ const: value, title: value, 'x-title': { zh: value } })),
    })
    await publish((d) => {
      fieldsOf(d, 'objects/order.json').kind = choice('a', 'b')
    })
    await putOrders(10)
    await query(`UPDATE ${table('order')} SET kind = CASE WHEN code IN ('C1', 'C2') THEN 'b' ELSE 'a' END`)
    await query(
      `INSERT INTO ${table('order_items')} (id, record_id, position, name, price)
       SELECT gen_random_uuid(), o.id, n, 'item', n FROM ${table('order')} o, generate_series(1, 3) n WHERE o.code = 'C1'`,
    )
    const { steps } = await publish(
      (d) => {
        const fields = fieldsOf(d, 'objects/order.json')
        fields.kind = choice('a')
        fields.note = textField('f_note', 'Note', { pattern: '^[1-9]$' })
        fields.amount = moneyField('f_amount', 'Amount', { formatMaximum: '8.00' })
        const items = fields.items as {
          maxItems?: number
          'x-lines': { properties: Record<string, unknown> }
        }
        items.maxItems = 2
        items['x-lines'].properties.price = moneyField('l_price', 'Price', { formatMaximum: '1.00' })
      },
      { confirmed: ['order.kind', 'order.note', 'order.amount', 'order.items', 'order.items.price'] },
    )
    expect(steps.map((step) => [step.confirm, step.rows]).sort()).toEqual([
      ['order.amount', 3],
      ['order.items', 1],
      ['order.items.price', 1],
      ['order.kind', 2],
      ['order.note', 1],
    ])
    expect((await planDrafts(test.services, workspace)).steps).toEqual([])
  })
})
