import { randomUUID } from 'node:crypto'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import type { RuleDefinition } from '@channelwright/runtime/definition/rule.ts'
import { add, compare, sum } from '@channelwright/runtime/incentives/arithmetic.ts'
import { computeAmount } from '@channelwright/runtime/incentives/explain.ts'
import { windowOf } from '@channelwright/runtime/incentives/windows.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Unit } from '@channelwright/server/db/unit.ts'
import { explainLedgerEntry } from '@channelwright/server/incentives/explain-entry.ts'
import { runPlan } from '@channelwright/server/incentives/run-plan.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePlan, openPlanBench, type PlanBench, putSales, type Sale } from './plan-fixture.ts'

interface Posted {
  release: number
  earner: string
  window_from: string
  window_to: string
  event: string | null
  kind: string
  amount: string
  reason: string
}

const ledger = (unit: Unit) =>
  unit.query<Posted>(
    `SELECT release, earner, window_from, window_to, event, kind, amount::text, reason
     FROM "${unit.served.workspace.schema}".cw_ledger_entry ORDER BY result`,
  )

const balance = async (bench: PlanBench) => sum((await bench.run(ledger)).map((entry) => entry.amount))

function post(bench: PlanBench, options: { simulate?: boolean; recomputeFrom?: string } = {}) {
  return bench.run((unit) => runPlan(unit, 'bonus', { startedBy: null, ...options }))
}

let open: PlanBench
beforeAll(async () => {
  open = await openPlanBench()
})
afterAll(() => open.close())

const partner = randomUUID()
const newSale = (amount: string, changes: Partial<Sale> = {}): Sale => ({
  id: randomUUID(),
  earner: partner,
  sold_on: '2026-02-03',
  amount,
  ...changes,
})

describe('a plan with bands', () => {
  it('pays 1,000 + 4,000 + 900 on 330,000 by slices, and 9,900 on the whole amount', async () => {
    for (const [method, amount] of [
      ['marginal', '5900.00'],
      ['whole', '9900.00'],
    ] as const) {
      const bench = await openPlanBench()
      bench.putInForce(makePlan({ bands: { ...makePlan().bands, method } }))
      await bench.run((unit) => putSales(unit, [newSale('200000'), newSale('130000')]))
      const run = await post(bench)
      expect(run).toMatchObject({ windows: 1, entries: 1, posted: amount })
      expect(await bench.run(ledger)).toMatchObject([
        { kind: 'accrual', amount, window_from: '2026-01-01', window_to: '2026-03-31', event: null },
      ])
    }
  })

  it('posts nothing new when it is run again, and the difference when an event changes', async () => {
    const bench = await openPlanBench()
    bench.putInForce(makePlan())
    const first = newSale('100000')
    await bench.run((unit) => putSales(unit, [first]))
    await post(bench)
    expect(await post(bench)).toMatchObject({ entries: 0, posted: '0' })
    await bench.run((unit) => putSales(unit, [{ ...first, amount: '150000' }]))
    await post(bench)
    expect(await bench.run(ledger)).toMatchObject([
      { kind: 'accrual', amount: '1000.00', reason: 'accrual' },
      { kind: 'adjust', amount: '1000.00', reason: 'change' },
    ])
    await bench.run((unit) => putSales(unit, [{ ...first, counts: false }]))
    await post(bench)
    expect(await balance(bench)).toBe('0')
  })

  it('only counts what became due when one organisation is recomputed', async () => {
    const bench = await openPlanBench()
    bench.putInForce(makePlan())
    const other = randomUUID()
    await bench.run(async (unit) => {
      await putSales(unit, [newSale('1000'), newSale('1000', { earner: other })])
      await unit.query(
        `INSERT INTO "${bench.workspace.schema}".cw_plan_dirty (plan, earner, day, event) VALUES ('bonus', $1, '2026-02-03', $2)`,
        [partner, randomUUID()],
      )
    })
    await bench.run((unit) => runPlan(unit, 'bonus', { startedBy: null, dueOf: partner }))
    expect((await bench.run(ledger)).map((entry) => entry.earner)).toEqual([partner])
    expect(await bench.run((unit) => runPlan(unit, 'bonus', { startedBy: null, dueOf: partner }))).toBeNull()
    await post(bench)
    expect(await balance(bench)).toBe('20')
  })

  it('asks named rules and tables in its gates and measures, and keeps those it first paid by', async () => {
    const bench = await openPlanBench()
    const amount = {
      type: 'string',
      format: 'decimal',
      'x-scale': 4,
      title: 'Amount',
      'x-title': { zh: '金额' },
    }
    const inputs = { type: 'object' as const, properties: { amount }, required: ['amount'] }
    const words = { en: 'Rule', zh: '规则' }
    const row = (id: string, when: string, value: Json) => {
      const given = { 'x-id': id, 'x-order': id, when: [when] }
      return { ...given, ['then' as const]: [value] }
    }
    const enough = (least: string): RuleDefinition => ({
      kind: 'rule/1',
      key: 'enough',
      'x-id': 'r_enough',
      title: words,
      inputs,
      rule: { '>=': [{ var: 'amount' }, { dec: least }] },
    })
    const counted: RuleDefinition = {
      kind: 'rule/1',
      key: 'counted',
      'x-id': 'r_counted',
      title: words,
      inputs,
      table: {
        inputs: [{ 'x-id': 'i', e: { var: 'amount' } }],
        outputs: [{ 'x-id': 'o', name: 'part', type: 'dec(4)' }],
        hit: 'first',
        rows: [row('a', '>= 50000', { var: 'amount' }), row('b', '', '0')],
      },
    }
    const plan = makePlan({
      measures: {
        ...makePlan().measures,
        amount: {
          'x-id': 'm_amount',
          method: 'sum',
          of: { rule: ['counted', { amount: { var: 'amount' } }] },
        },
      },
      gates: [{ 'x-id': 'g', when: { rule: ['enough', { amount: { var: 'm.amount' } }] } }],
    })
    bench.putInForce(plan, [enough('100000'), counted])
    await bench.run((unit) => putSales(unit, [newSale('60000'), newSale('49999')]))
    expect(await post(bench)).toMatchObject({ entries: 0 })
    await bench.run((unit) => putSales(unit, [newSale('60000')]))
    expect(await post(bench)).toMatchObject({ posted: '1400.00' })
    const [entry] = await bench.run((unit) =>
      unit.query<{ id: string }>(`SELECT id FROM "${unit.served.workspace.schema}".cw_ledger_entry`),
    )
    const told = await bench.run((unit) => explainLedgerEntry(unit, entry!.id))
    expect(told).toMatchObject({ amount: '1400.00', measures: { amount: '120000.0000' } })
    // The same plan under a rule that says otherwise is another wording: what was paid stays.
    bench.putInForce(plan, [
      enough('100000'),
      { ...counted, table: { ...counted.table!, rows: counted.table!.rows.slice(1) } },
    ])
    expect(await post(bench)).toMatchObject({ entries: 0, posted: '0' })
  })

  it('simulates without posting', async () => {
    const bench = await openPlanBench()
    bench.putInForce(makePlan())
    await bench.run((unit) => putSales(unit, [newSale('100000')]))
    expect(await post(bench, { simulate: true })).toMatchObject({
      simulate: true,
      entries: 1,
      posted: '1000.00',
    })
    expect(await bench.run(ledger)).toEqual([])
    expect(await post(bench)).toMatchObject({ entries: 1, posted: '1000.00' })
  })

  it('keeps each event under the version of the plan that it first accrued under', async () => {
    const bench = await openPlanBench()
    bench.putInForce(makePlan())
    const early = newSale('90000')
    await bench.run((unit) => putSales(unit, [early]))
    await post(bench)
    // A release that leaves the plan alone splits nothing.
    bench.putInForce({ ...makePlan(), title: { en: 'Renamed', zh: '改名' } })
    const rows = makePlan().bands.rows.map((row) => ({ ...row, value: add(row.value, row.value) }))
    bench.putInForce(makePlan({ bands: { ...makePlan().bands, rows } }))
    await post(bench)
    expect(await balance(bench)).toBe('900')
    await bench.run((unit) => putSales(unit, [newSale('30000')]))
    await post(bench)
    // 10,000 more in the first band at 2%, 20,000 in the second at 4%; the 900 of the first release stays.
    expect(await bench.run(ledger)).toMatchObject([
      { release: 1, amount: '900.00' },
      { release: 3, amount: '1000.00' },
    ])
    await bench.run((unit) => putSales(unit, [{ ...early, amount: '40000' }]))
    await post(bench)
    expect(await bench.run(ledger)).toMatchObject([
      { release: 1, amount: '900.00' },
      { release: 3, amount: '1000.00' },
      { release: 1, amount: '-500.00' },
      { release: 3, amount: '-400.00' },
    ])
  })

  it('brings windows to the plan in force only when asked, by new entries', async () => {
    const bench = await openPlanBench()
    bench.putInForce(makePlan())
    await bench.run((unit) =>
      putSales(unit, [newSale('100000'), newSale('100000', { sold_on: '2026-05-01' })]),
    )
    await post(bench)
    bench.putInForce(
      makePlan({ bands: { ...makePlan().bands, rows: [{ 'x-id': 'r1', from: '0', value: '0.05' }] } }),
    )
    expect(await post(bench, { simulate: true, recomputeFrom: '2026-04-01' })).toMatchObject({
      posted: '4000.00',
    })
    await post(bench, { recomputeFrom: '2026-04-01' })
    const entries = await bench.run(ledger)
    expect(entries.filter((entry) => entry.window_from === '2026-01-01')).toMatchObject([
      { release: 1, amount: '1000.00' },
    ])
    expect(entries.filter((entry) => entry.window_from === '2026-04-01')).toMatchObject([
      { release: 1, amount: '1000.00' },
      { release: 1, amount: '-1000.00', reason: 'recompute' },
      { release: 2, amount: '5000.00', kind: 'adjust' },
    ])
    expect(await post(bench)).toMatchObject({ entries: 0 })
  })

  it('refuses to rewrite the ledger, whoever asks', async () => {
    const bench = await openPlanBench()
    bench.putInForce(makePlan())
    await bench.run((unit) => putSales(unit, [newSale('100000')]))
    await post(bench)
    const table = `"${bench.workspace.schema}".cw_ledger_entry`
    for (const text of [`UPDATE ${table} SET amount = 1`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(bench.services.owner.query(text)).rejects.toThrow('append-only')
      await expect(bench.run((unit) => unit.query(text))).rejects.toThrow('append-only')
    }
  })

  it('stops with nothing posted when a rule cannot be computed', async () => {
    const bench = await openPlanBench()
    const of = { div: [{ var: 'amount' }, { '-': [{ var: 'amount' }, 5] }, 2, 'half_up'] }
    bench.putInForce(
      makePlan({ measures: { ...makePlan().measures, amount: { 'x-id': 'm', method: 'sum', of } } }),
    )
    await bench.run((unit) => putSales(unit, [newSale('5'), newSale('7')]))
    await expect(post(bench)).rejects.toThrow('division by zero')
    expect(await bench.run(ledger)).toEqual([])
  })
})

const earners = Array.from({ length: 3 }, () => randomUUID())
const cents = (units: number) =>
  `${units < 0 ? '-' : ''}${Math.floor(Math.abs(units) / 100)}.${String(Math.abs(units) % 100).padStart(2, '0')}`
const days = fc
  .integer({ min: 0, max: 364 })
  .map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10))
const sales = fc.array(
  fc.record({
    id: fc.constant(null).map(() => randomUUID()),
    earner: fc.constantFrom(...earners),
    sold_on: days,
    amount: fc
      .oneof(
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 9_000_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: -5_000_000, max: 0 }) },
      )
      .map(cents),
    counts: fc.boolean().map((yes) => yes || false),
  }),
  { minLength: 1, maxLength: 25 },
)
const plans = fc
  .record({
    method: fc.constantFrom('marginal', 'whole'),
    byDeals: fc.boolean(),
    unit: fc.constantFrom('rate' as const, 'fixed' as const),
    bound: fc.constantFrom('lower' as const, 'upper' as const),
    window: fc.constantFrom('event' as const, 'month' as const, 'quarter' as const, 'year' as const),
    edges: fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 5 }),
    values: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 5, maxLength: 5 }),
    cap: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
    gate: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    scale: fc.integer({ min: 0, max: 3 }),
    mode: fc.constantFrom('half_up' as const, 'half_even' as const, 'up' as const, 'down' as const),
  })
  .map((made): PlanDefinition => {
    const rate = made.unit === 'rate'
    const lookup = made.byDeals && !(rate && made.method === 'marginal') ? 'deals' : 'amount'
    return makePlan({
      window: made.window,
      bands: {
        'x-id': 'b',
        method: made.method,
        lookup,
        payOn: 'amount',
        bound: made.bound,
        unit: made.unit,
        rows: made.edges
          .sort((a, b) => a - b)
          .map((edge, index) => ({
            'x-id': `r${index}`,
            from: String(lookup === 'deals' ? (edge % 7 === 0 ? edge : edge) : edge * 1000),
            value: rate ? `0.${String(made.values[index]).padStart(5, '0')}` : String(made.values[index]),
          })),
      },
      ...(made.cap === undefined ? {} : { cap: String(made.cap) }),
      ...(made.gate === undefined
        ? {}
        : { gates: [{ 'x-id': 'g', when: { '>=': [{ var: 'm.deals' }, made.gate] } }] }),
      rounding: { scale: made.scale, mode: made.mode },
    })
  })

/** What each window should stand at, by the evaluator alone. */
function evaluate(plan: PlanDefinition, facts: readonly Sale[]): Map<string, string> {
  const windows = new Map<string, Sale[]>()
  for (const one of facts.filter((sale) => sale.counts !== false)) {
    const { from } = windowOf(plan.window, one.sold_on)
    const key = plan.window === 'event' ? `${one.earner} ${from} ${one.id}` : `${one.earner} ${from}`
    windows.set(key, [...(windows.get(key) ?? []), one])
  }
  const gate = Number(
    ((plan.gates?.[0]?.when as { '>=': [unknown, number] } | undefined) ?? { '>=': [null, 0] })['>='][1],
  )
  return new Map(
    [...windows].map(([key, list]) => {
      const measures = { amount: sum(list.map((one) => one.amount)), deals: String(list.length) }
      const { amount } = computeAmount(plan, {
        measures,
        before: null,
        gate: list.length >= gate,
        gateBefore: false,
      })
      return [key, amount]
    }),
  )
}

async function stand(bench: PlanBench): Promise<Map<string, string>> {
  const totals = new Map<string, string>()
  for (const entry of await bench.run(ledger)) {
    const key = [entry.earner, entry.window_from, ...(entry.event ? [entry.event] : [])].join(' ')
    totals.set(key, add(totals.get(key) ?? '0', entry.amount))
  }
  return totals
}

function expectSame(found: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>) {
  for (const key of new Set([...found.keys(), ...expected.keys()])) {
    expect([key, compare(found.get(key) ?? '0', expected.get(key) ?? '0')]).toEqual([key, 0])
  }
}

async function clear(bench: PlanBench) {
  await bench.run((unit) => unit.query(`UPDATE "${bench.workspace.schema}".sale SET counts = false`))
  await post(bench)
}

describe('any plan', () => {
  it('gives the same in SQL as by the evaluator, and returns to 0 when everything is refunded', async () => {
    await fc.assert(
      fc.asyncProperty(plans, sales, async (plan, facts) => {
        const bench = await openPlanBench()
        bench.putInForce(plan)
        await bench.run((unit) => putSales(unit, facts))
        await post(bench)
        expectSame(await stand(bench), evaluate(plan, facts))
        await clear(bench)
        expect(await balance(bench)).toBe('0')
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('does not care in which order and in which batches events come', async () => {
    await fc.assert(
      fc.asyncProperty(plans, sales, fc.integer({ min: 1, max: 6 }), async (plan, facts, batch) => {
        const [one, other] = [await openPlanBench(), await openPlanBench()]
        one.putInForce(plan)
        other.putInForce(plan)
        await one.run((unit) => putSales(unit, facts))
        await post(one)
        const backwards = [...facts].reverse()
        for (let at = 0; at < backwards.length; at += batch) {
          await other.run((unit) => putSales(unit, backwards.slice(at, at + batch)))
          await post(other)
        }
        expectSame(await stand(other), await stand(one))
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('gives the same for a year posted month by month as at once', async () => {
    await fc.assert(
      fc.asyncProperty(plans, sales, async (plan, facts) => {
        const bench = await openPlanBench()
        bench.putInForce({ ...plan, window: 'year' })
        for (let month = 1; month <= 12; month++) {
          const upTo = `2026-${String(month).padStart(2, '0')}-31`
          await bench.run((unit) =>
            putSales(
              unit,
              facts.filter((one) => one.sold_on <= upTo),
            ),
          )
          await post(bench)
        }
        expectSame(await stand(bench), evaluate({ ...plan, window: 'year' }, facts))
      }),
      { numRuns: 8 },
    )
  }, 120_000)
})
