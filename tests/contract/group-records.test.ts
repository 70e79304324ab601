import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { compareDecimals } from '@channelwright/runtime/logic/decimal.ts'
import { toRule } from '@channelwright/runtime/react/views/table/conditions.ts'
import { firstDayOf, lastDayOf } from '@channelwright/runtime/views/table/date-parts.ts'
import type { DatePart, Measure } from '@channelwright/runtime/views/table/measures.ts'
import { sumUpRecords } from '@channelwright/runtime/views/table/sum-up.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { groupRecords } from '@channelwright/server/records/group-records.ts'
import { listRecords } from '@channelwright/server/records/list-records.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { openTestServices, type TestServices } from '../support/services.ts'

// Sums of a grouped view, on the list of registrations: by tier of the partner and state, with measures of each kind.

let server: TestServices
let deal: DealWorkspace
const partners: string[] = []
const view = 'registrations'

const parts: readonly DatePart[] = ['day', 'week', 'month', 'quarter', 'year']
const title = (en: string) => ({ en, zh: en })
const summed = {
  group: [
    { 'x-id': 'g1', field: 'partner.tier' },
    { 'x-id': 'g2', field: 'state' },
  ],
  measures: [
    { 'x-id': 'm1', kind: 'sum', field: 'amount', title: title('Sum') },
    { 'x-id': 'm2', kind: 'avg', field: 'amount', title: title('Mean') },
    { 'x-id': 'm3', kind: 'max', field: 'close_on', title: title('Last') },
    { 'x-id': 'm4', kind: 'count', filter: { '>=': [{ var: 'amount' }, 100] }, title: title('Large') },
    { 'x-id': 'm5', kind: 'min', field: 'protection_days', title: title('Shortest') },
  ],
}
/** Views of the same records by parts of the calendar. */
const dated = {
  by_quarter: [{ 'x-id': 'd1', field: 'close_on', by: 'quarter' }],
  by_week_state: [
    { 'x-id': 'd1', field: 'close_on', by: 'week' },
    { 'x-id': 'd2', field: 'state' },
  ],
  by_moment: [{ 'x-id': 'd1', field: 'submitted_at', by: 'month' }],
}
const withSums = (source: DefinitionSource): DefinitionSource | DefinitionSource[] => {
  const changed = (more: object) => ({
    ...source,
    text: JSON.stringify({ ...JSON.parse(source.text), ...more }),
  })
  if (source.path === `views/${view}.json`)
    return [
      changed(summed),
      ...Object.entries(dated).map(([key, group]) => ({
        ...changed({ key, 'x-id': `v_${key}`, group, measures: [] }),
        path: `views/${key}.json`,
      })),
    ]
  if (source.path !== 'grants/director_deals.json') return source
  return changed({ views: [...JSON.parse(source.text).views, ...Object.keys(dated)] })
}

beforeAll(async () => {
  server = await openTestServices()
  deal = await createDealWorkspace(server.services, 'sums', withSums)
  for (const [at, tier] of ['gold', 'gold', 'silver'].entries())
    partners.push(
      await deal.seed('partner', {
        legal_name: `Partner ${at}`,
        type: 'reseller',
        status: 'active',
        tier,
        region: 'east',
      }),
    )
  const line = await deal.seed('product_line', { code: 'SRV', name: 'Servers', active: true })
  const register = (partner: number, amount: string, close_on: string, submitted_at?: string) =>
    deal.seed('registration', {
      partner: partners[partner]!,
      customer_name: `Customer ${amount}`,
      product_line: line,
      amount,
      close_on,
      state: 'draft',
      ...(submitted_at ? { submitted_at } : {}),
    })
  // In Shanghai the first of these is in July already.
  await register(0, '90000000000000.01', '2026-05-01', '2026-06-30T16:30:00Z')
  await register(0, '0.01', '2026-07-01', '2026-06-30T15:59:59Z')
  await register(1, '0.03', '2026-06-01')
  await register(2, '250.00', '2026-04-01')
})
afterAll(async () => {
  await server?.close()
})

async function sums(roles: readonly string[], partner: string | null, filter?: JsonObject, of = view) {
  const actor = await deal.actor({ user: server.services.ids.next(), name: 'Reader', roles, partner })
  return inUnit(server.services, deal.served, actor, (unit) =>
    groupRecords(unit, 'registration', { view: of, filter }),
  )
}

describe('the sums of a grouped view', () => {
  it('are exact, by fields of the record and of what it refers to, with one line for all', async () => {
    const told = await sums(['director'], null)
    expect(told.group).toEqual(['g1', 'g2'])
    expect(told.groups.map(({ keys, count }) => [...keys, count])).toEqual([
      ['gold', 'draft', 3],
      ['silver', 'draft', 1],
    ])
    // 90000000000000.05 / 3 = 30000000000000.01666…: a float would have lost the hundredths.
    expect(told.groups[0]!.values.slice(0, 4)).toEqual([
      '90000000000000.05',
      '30000000000000.02',
      '2026-07-01',
      '1',
    ])
    expect(told.all).toMatchObject({ count: 4 })
    expect(told.all.values[0]).toBe('90000000000250.05')
    expect(told.all.values[3]).toBe('2')
  })

  it('go by parts of the calendar, in the order of time, on the calendar of the workspace', async () => {
    const lines = async (of: keyof typeof dated) =>
      (await sums(['director'], null, undefined, of)).groups.map(({ keys, count }) => [...keys, count])
    expect(await lines('by_quarter')).toEqual([
      ['2026-04-01', 3],
      ['2026-07-01', 1],
    ])
    expect(await lines('by_week_state')).toEqual([
      ['2026-03-30', 'draft', 1],
      ['2026-04-27', 'draft', 1],
      ['2026-06-01', 'draft', 1],
      ['2026-06-29', 'draft', 1],
    ])
    expect(await lines('by_moment')).toEqual([
      ['2026-06-01', 1],
      ['2026-07-01', 1],
      [null, 2],
    ])
    // Each line opens its records by its first and its last day.
    const [, july] = (await sums(['director'], null, undefined, 'by_moment')).groups
    const first = String(july?.keys[0])
    const condition = {
      field: 'submitted_at',
      op: 'between' as const,
      value: [first, lastDayOf(first, 'month')],
    }
    const field = deal.served.release.objects.get('registration')?.schema.properties.submitted_at
    const opened = toRule(
      [condition],
      () => field,
      'Asia/Shanghai',
      () => false,
    ) as JsonObject
    const found = await sums(['director'], null, opened)
    expect(found.all).toMatchObject({ count: 1, values: expect.arrayContaining(['90000000000000.01']) })
  })

  it('begin where Postgres says, whatever the day', async () => {
    const { rows } = await server.services.owner.query<Record<DatePart | 'given', string>>(
      `SELECT d::date AS given, ${parts.map((part) => `date_trunc('${part}', d)::date AS ${part}`).join(', ')}
       FROM generate_series('2019-12-20'::timestamp, '2029-01-10'::timestamp, '1 day') d`,
    )
    expect(rows.length).toBeGreaterThan(3000)
    for (const row of rows)
      for (const part of parts) expect(firstDayOf(row.given, part), `${part} of ${row.given}`).toBe(row[part])
  })

  it('are the same over records at hand, as a preview works them out', async () => {
    const told = await sums(['director'], null)
    const actor = await deal.actor({
      user: server.services.ids.next(),
      name: 'Reader',
      roles: ['director'],
      partner: null,
    })
    const { records } = await inUnit(server.services, deal.served, actor, (unit) =>
      listRecords(unit, 'registration', {}),
    )
    const { release } = deal.served
    const fieldOf = (key: string | undefined) =>
      key === undefined ? null : (release.objects.get('registration')?.schema.properties[key] ?? null)
    const tiers = new Map(partners.map((id, at) => [id, at < 2 ? 'gold' : 'silver']))
    const here = sumUpRecords(
      records as unknown as readonly JsonObject[],
      [{ key: ({ partner }) => tiers.get(String(partner)) ?? null }, { key: ({ state }) => state ?? null }],
      summed.measures.map(({ kind, field, filter }) => ({
        kind: kind as Measure['kind'],
        field: fieldOf(field),
        value: (record) =>
          filter && compareDecimals(String(record.amount), '100') < 0
            ? null
            : field === undefined
              ? 1
              : (record[field] ?? null),
      })),
    )
    expect(here).toEqual({ groups: told.groups, all: told.all })
  })

  it('count what the reader may read and the filter leaves, nothing else', async () => {
    const own = await sums(['partner_sales'], partners[1]!)
    expect(own.all).toMatchObject({ count: 1 })
    expect(own.all.values[0]).toBe('0.03')
    const small = await sums(['director'], null, { '<': [{ var: 'amount' }, { dec: '0.02' }] })
    expect(small.groups.map(({ count, values }) => [count, values[0]])).toEqual([[1, '0.01']])
    const none = await sums(['director'], null, { '<': [{ var: 'amount' }, { dec: '0.01' }] })
    expect([none.groups, none.all.count, none.all.values[0], none.all.values[1]]).toEqual([[], 0, '0', null])
  })

  it('are told of grouped views alone, and by those alone to whom the view is open', async () => {
    await expect(sums(['director'], null, undefined, 'registration_detail')).rejects.toMatchObject({
      code: 'VIEW_UNKNOWN',
    })
    await expect(sums(['finance_nothing'], null)).rejects.toMatchObject({ code: expect.any(String) })
  })
})
