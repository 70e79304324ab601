import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { createActor } from '@channelwright/server/auth/people.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { getRecord } from '@channelwright/server/records/get-record.ts'
import { listHistory } from '@channelwright/server/records/list-history.ts'
import { listRecords } from '@channelwright/server/records/list-records.ts'
import { seenTable } from '@channelwright/server/records/seen-table.ts'
import { createRecord, updateRecord } from '@channelwright/server/records/write-record.ts'
import type { Actor, ServedRelease } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'
import { putRow, putTwoOrders, tinyPack } from '../support/tiny-pack.ts'

// One person who is a clerk (every order, two columns) and a seller (their own orders, all columns): each column shows
// on the rows that a grant opens it on, and nothing can be found out about it on any other.

let test: TestServices
let served: ServedRelease
let both: Actor
let ours: string
let theirs: string
let ourOrder: string
let theirOrder: string
const as = <T>(actor: Actor, work: (unit: Unit) => Promise<T>) => inUnit(test.services, served, actor, work)
const list = (query: JsonObject) => as(both, (unit) => listRecords(unit, 'order', query))
const idsOf = async (filter: JsonObject) =>
  (await list({ filter })).records.map((record) => record.id as string).sort()

const personOf = (name: string) => {
  const email = `${name.toLowerCase()}@example.test`
  return { user: test.services.ids.next(), name, email, locale: 'en' } as const
}

beforeAll(async () => {
  test = await openTestServices()
  const { services } = test
  const title = { en: 'A', zh: 'A' }
  const workspace = await createWorkspace(services, { key: 'alpha', title, timeZone: 'UTC' })
  const pack = tinyPack((definitions) => {
    const clerk = definitions['grants/clerk.json'] as { objects: { order: JsonObject } }
    clerk.objects.order.update = { rows: true, fields: ['code'] }
    clerk.objects.order.create = { rows: true, fields: ['org', 'code'] }
    for (const purpose of ['create', 'edit'])
      definitions[`forms/order_${purpose}.json`] = {
        kind: 'form/1',
        key: `order_${purpose}`,
        'x-id': `m_${purpose}`,
        title,
        object: 'order',
        purpose,
        steps: [
          {
            'x-id': 's1',
            title,
            sections: [
              {
                'x-id': 'c1',
                rows: [['org', 'code']],
              },
            ],
          },
        ],
        submit: { title, set: { note: { cat: [`${purpose} as `, { '??': [{ var: 'code' }, ''] }] } } },
      }
    Object.assign(clerk, { forms: ['order_create', 'order_edit'] })
  })
  await publishSources(services, workspace, pack)
  served = (await services.releases.current('alpha'))!
  ours = await putRow(services, workspace, 'org', { name: 'Ours' })
  theirs = await putRow(services, workspace, 'org', { name: 'Theirs' })
  ;[ourOrder, theirOrder] = await putTwoOrders(services, workspace, [ours, theirs])
  both = await createActor(services, served, personOf('Both'), ['clerk', 'seller'], ours)
})
afterAll(() => test?.close())

describe('columns that one grant opens on fewer rows than another', () => {
  it('show on those rows alone', async () => {
    const { records } = await list({ sort: 'code' })
    expect(records).toMatchObject([
      { id: ourOrder, code: 'A1', note: 'ours', amount: '10.00' },
      { id: theirOrder, code: 'B1', note: null, amount: null },
    ])
    const read = await as(both, (unit) => getRecord(unit, 'order', theirOrder))
    expect(read.record).toMatchObject({ org: theirs, code: 'B1', note: null, amount: null })
    expect(read.record).not.toHaveProperty('items')
  })

  it('cannot be found out by filter, search, order or page', async () => {
    expect(await idsOf({ '==': [{ var: 'note' }, 'canary'] })).toEqual([])
    expect(await idsOf({ '>': [{ '??': [{ var: 'amount' }, 0] }, 15] })).toEqual([])
    expect(await idsOf({ '==': [{ var: 'note' }, null] })).toEqual([theirOrder])
    expect(await idsOf({ '==': [{ var: 'note' }, 'ours'] })).toEqual([ourOrder])
    expect((await list({ search: 'canary' })).records).toEqual([])
    // Empty is greatest: were it ordered by what it holds, descending would begin with it too.
    for (const [sort, expected] of [
      ['amount', [ourOrder, theirOrder]],
      ['-amount', [theirOrder, ourOrder]],
    ] as const) {
      const first = await list({ sort, limit: 1 })
      const second = await list({ sort, limit: 1, cursor: first.next })
      expect([...first.records, ...second.records].map((record) => record.id)).toEqual(expected)
      expect(JSON.stringify([first, second])).not.toContain('20.00')
    }
    await expect(list({ filter: { some: [{ var: 'items' }, true] } })).rejects.toBeInstanceOf(Refusal)
  })

  it('stay out of the history of other rows', async () => {
    const history = (id: string) => as(both, (unit) => listHistory(unit, 'order', id, {}))
    const fields = async (id: string) =>
      (await history(id)).entries.flatMap((entry) => entry.changes.map((change) => change.field)).sort()
    expect(await fields(ourOrder)).toEqual(['amount', 'code', 'note', 'org'])
    expect(await fields(theirOrder)).toEqual(['code', 'org'])
  })

  it('are written on those rows alone, and said to be', async () => {
    const update = (id: string, values: JsonObject) =>
      as(both, (unit) => updateRecord(unit, 'order', id, values))
    await expect(update(theirOrder, { amount: '1.00' })).rejects.toMatchObject({
      definition: { code: 'FIELD_FORBIDDEN' },
    })
    await update(theirOrder, { code: 'B2' })
    await update(ourOrder, { amount: '11.00', code: 'A2' })
    const may = async (id: string) => {
      const { may } = await as(both, (unit) => getRecord(unit, 'order', id))
      return { ...may, update: [...may.update].sort() }
    }
    expect(await may(theirOrder)).toEqual({ update: ['code'], delete: false, locked: false })
    expect(await may(ourOrder)).toEqual({
      update: ['amount', 'code', 'items', 'org'],
      delete: true,
      locked: false,
    })
    const create = (values: JsonObject) => as(both, (unit) => createRecord(unit, 'order', values))
    await expect(create({ org: theirs, code: 'C1', amount: '5.00' })).rejects.toMatchObject({
      definition: { code: 'FIELD_FORBIDDEN' },
    })
    await create({ org: theirs, code: 'C1' })
    await create({ org: ours, code: 'C2', amount: '5.00' })
  })

  it('cost nothing where roles do not differ so', async () => {
    for (const roles of [['seller'], ['clerk'], ['chief', 'seller'], ['chief', 'clerk']]) {
      const { from } = seenTable({ served, actor: { roles } }, 'order')
      expect(from).not.toContain('SELECT')
    }
  })
})

describe('what a form fills', () => {
  it('is written whether or not its writer may read or write it, and not told to them', async () => {
    const clerk = { ...(await createActor(test.services, served, personOf('Clerk'), ['clerk'], null)) }
    const made = await as(clerk, (unit) =>
      createRecord(unit, 'order', { org: ours, code: 'F1' }, { form: 'order_create' }),
    )
    const note = async () => {
      const { rows } = await test.services.owner.query(`SELECT note FROM "ws_alpha"."order" WHERE id = $1`, [
        made.id,
      ])
      return rows[0].note
    }
    expect(await note()).toBe('create as F1')
    await as(clerk, (unit) => updateRecord(unit, 'order', made.id, { code: 'F2' }, { form: 'order_edit' }))
    expect(await note()).toBe('edit as F2')
    const seen = await as(clerk, (unit) => getRecord(unit, 'order', made.id))
    const history = await as(clerk, (unit) => listHistory(unit, 'order', made.id, {}))
    expect(JSON.stringify([seen, history])).not.toContain('as F')
    // By themselves they write it as little as before.
    await expect(
      as(clerk, (unit) => updateRecord(unit, 'order', made.id, { note: 'mine' })),
    ).rejects.toMatchObject({ definition: { code: 'FIELD_FORBIDDEN' } })
    await expect(
      as(clerk, (unit) =>
        updateRecord(unit, 'order', made.id, { note: 'mine', code: 'F3' }, { form: 'order_edit' }),
      ),
    ).rejects.toBeInstanceOf(Refusal)
  })

  it('is written on rows where only another grant opens it', async () => {
    await as(both, (unit) => updateRecord(unit, 'order', theirOrder, { code: 'B9' }, { form: 'order_edit' }))
    const { records } = await list({ filter: { '==': [{ var: 'code' }, 'B9'] } })
    expect(records).toMatchObject([{ id: theirOrder, note: null }])
  })
})
