import { ensureRoleSet } from '@channelwright/server/access/ensure-roles.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { preparePublish, publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { type ListQuery, listRecords } from '@channelwright/server/records/list-records.ts'
import type { Actor, Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'
import { putRow, tinyPack } from '../support/tiny-pack.ts'

// Searching a table that is too large to be looked through: more rows than a search reads before it asks the index.

const rowCount = 6_000
let test: TestServices
let workspace: Workspace
let names: { code: string; note: string }[]
let org: string
let other: string

const searchable = () =>
  tinyPack((d) => {
    d['views/orders.json'] = {
      kind: 'view/1',
      key: 'orders',
      'x-id': 'v_orders',
      title: { en: 'Orders', zh: '订单' },
      type: 'table',
      object: 'order',
      columns: [{ 'x-id': 'k1', field: 'code' }],
      search: ['code', 'note'],
    } as never
    for (const role of ['chief', 'seller']) d[`grants/${role}.json`]!.views = ['orders']
  })

beforeAll(async () => {
  test = await openTestServices()
  workspace = await createWorkspace(test.services, {
    key: 'search',
    title: { en: 'S', zh: 'S' },
    timeZone: 'UTC',
  })
  await publishSources(test.services, workspace, tinyPack())
  org = await putRow(test.services, workspace, 'org', { name: 'One' })
  other = await putRow(test.services, workspace, 'org', { name: 'Two' })
  await test.services.owner.query(`ALTER TABLE "${workspace.schema}"."order" DISABLE TRIGGER cw_history`)
  const { rows } = await test.services.owner.query<{ code: string; note: string }>(
    `INSERT INTO "${workspace.schema}"."order" (id, release, created_at, updated_at, org, code, note)
     SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, now(), now(),
       CASE WHEN n % 100 = 0 THEN $1::uuid ELSE $2::uuid END, 'C-' || n,
       CASE n WHEN 7 THEN '上海渠道贸易' WHEN 8 THEN '道渠倒置' WHEN 9 THEN '100% Rare_Word \\o/' ELSE 'common words 北京 ' || n % 50 END
     FROM generate_series(1, $3::int) n RETURNING code, note`,
    [other, org, rowCount],
  )
  names = rows
})
afterAll(() => test.close())

async function find(role: string, query: ListQuery, partners: readonly string[] = []) {
  const served = (await test.services.releases.current(workspace.key))!
  const actor: Actor = {
    user: '00000000-0000-7000-8000-0000000000aa',
    name: '',
    email: '',
    locale: 'en',
    roles: [role],
    partner: partners[0] ?? null,
    partners: [...partners],
    pgRole: await ensureRoleSet(test.services, workspace.key, [role]),
  }
  return inUnit(test.services, served, actor, (unit) =>
    listRecords(unit, 'order', { view: 'orders', count: true, ...query }),
  )
}

it('tells the index in the plan and builds it online', async () => {
  const { steps } = await preparePublish(test.services, workspace, searchable())
  expect(steps.map((step) => [step.action, step.words.en])).toEqual([
    ['add_index', '"Order" gets an index for searching in code.'],
    ['add_index', '"Order" gets an index for searching in note.'],
  ])
  await publishSources(test.services, workspace, searchable())
  expect((await preparePublish(test.services, workspace, searchable())).steps).toEqual([])
})

it.each([
  '渠道',
  '渠',
  '道渠',
  '上海渠道贸易',
  '北京',
  'rare',
  'RARE_w',
  '100%',
  '%',
  '_',
  '\\o/',
  'x_y',
  'nowhere',
  'C-5999',
  'c-59',
  '9',
  'mon words',
  '京 49',
])('finds what holds "%s", all of it and nothing else', async (search) => {
  const holds = (text: string) => text.toLowerCase().includes(search.toLowerCase())
  const wanted = names.filter((row) => holds(row.code) || holds(row.note))
  const page = await find('chief', { search })
  expect(page.count).toEqual({ value: wanted.length, more: false })
  expect(page.records.map((row) => row.code)).toEqual(
    wanted
      .map((row) => row.code)
      .reverse()
      .slice(0, 50),
  )
  if (page.next) {
    const second = await find('chief', { search, cursor: page.next })
    expect(second.records.map((row) => row.code)).toEqual(
      wanted
        .map((row) => row.code)
        .reverse()
        .slice(50, 100),
    )
  }
})

it("finds a partner's own alone", async () => {
  const page = await find('seller', { search: 'C-1' }, [other])
  const own = names.filter((row) => Number(row.code.slice(2)) % 100 === 0 && row.code.startsWith('C-1'))
  expect(page.records.map((row) => row.code)).toEqual(own.map((row) => row.code).reverse())
  expect((await find('seller', { search: '渠道' }, [other])).records).toEqual([])
})
