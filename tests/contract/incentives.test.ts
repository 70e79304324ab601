import { readFileSync } from 'node:fs'
import { bandMethods } from '@channelwright/runtime/incentives/index.ts'
import { compareDecimals, sumDecimals } from '@channelwright/runtime/logic/decimal.ts'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type {} from '../support/database.ts'

interface BandCase {
  readonly title: string
  readonly input: {
    readonly lookup: string
    readonly payOn: string
    readonly bound: 'lower' | 'upper'
    readonly unit: 'rate' | 'fixed'
    readonly rows: readonly (readonly [from: string, value: string])[]
  }
  readonly amount: string
  readonly parts: readonly string[]
  readonly en?: readonly string[]
  readonly zh?: readonly string[]
}
type BandFacts = BandCase['input']

const toRows = (rows: BandFacts['rows']) =>
  rows.map(([from, value], index) => ({ id: `r${index + 1}`, from, value }))

function readCases(method: string): BandCase[] {
  const file = new URL(`../../runtime/src/incentives/${method}/cases.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as BandCase[]
}

let client: pg.Client
beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('postgres').url })
  await client.connect()
})
afterAll(() => client.end())

/** The amount as Postgres computes it from the method's expression. */
async function computeInSql(methodName: string, facts: BandFacts): Promise<string> {
  const method = bandMethods.find((candidate) => candidate.name === methodName)
  if (method === undefined) throw new Error(`no method ${methodName}`)
  const expression = method.sql({
    lookup: 'v.lookup',
    payOn: 'v.pay_on',
    bound: facts.bound,
    unit: facts.unit,
    rows: 'bands',
  })
  const { rows } = await client.query<{ amount: string }>(
    `WITH edges AS (
       SELECT lo, lead(lo) OVER (ORDER BY lo) AS hi, value
       FROM unnest($3::numeric[], $4::numeric[]) AS row (lo, value)
     ), bands AS (SELECT lo, hi, value FROM edges)
     SELECT (${expression})::text AS amount FROM (SELECT $1::numeric AS lookup, $2::numeric AS pay_on) AS v`,
    [facts.lookup, facts.payOn, facts.rows.map(([from]) => from), facts.rows.map(([, value]) => value)],
  )
  return rows[0]!.amount
}

/** Decimals with up to four digits after the point, near the edges of bands as often as far from them. */
const amounts = fc
  .tuple(fc.bigInt({ min: -(10n ** 6n), max: 10n ** 9n }), fc.integer({ min: 0, max: 4 }))
  .map(([units, scale]) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    return units < 0n ? `-${text}` : text
  })
const edges = fc
  .uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 6 })
  .map((list) => list.sort((a, b) => a - b))
const bandFacts = fc
  .record({
    edges,
    values: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 6, maxLength: 6 }),
    value: amounts,
    edge: fc.nat(5),
    onEdge: fc.boolean(),
    bound: fc.constantFrom('lower' as const, 'upper' as const),
    unit: fc.constantFrom('rate' as const, 'fixed' as const),
    payOn: amounts,
  })
  .map((made): BandFacts => {
    const lookup = made.onEdge ? String(made.edges[made.edge % made.edges.length]) : made.value
    return {
      lookup,
      payOn: made.payOn,
      bound: made.bound,
      unit: made.unit,
      rows: made.edges.map((from, index) => [
        String(from),
        made.unit === 'rate'
          ? `0.${String(made.values[index]).padStart(4, '0')}`
          : String(made.values[index]),
      ]),
    }
  })

describe.each(bandMethods.map((method) => [method.name, method] as const))(
  'band method %s',
  (name, method) => {
    const cases = readCases(name)

    it('has words in every language and cases', () => {
      for (const text of [method.title, method.describe]) {
        expect(text.en).not.toBe('')
        expect(text.zh).not.toBe('')
      }
      expect(cases.length).toBeGreaterThan(4)
    })

    it.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
      const { amount, slices } = method.compute({ ...one.input, rows: toRows(one.input.rows) })
      expect(amount).toBe(one.amount)
      expect(slices.map((slice) => slice.amount)).toEqual(one.parts)
      if (one.en) expect(method.explain(slices, 'en', 'CNY')).toEqual(one.en)
      if (one.zh) expect(method.explain(slices, 'zh', 'CNY')).toEqual(one.zh)
      expect(compareDecimals(await computeInSql(name, one.input), one.amount)).toBe(0)
    })

    it('gives the same amount in SQL, and its slices add up to it', async () => {
      await fc.assert(
        fc.asyncProperty(bandFacts, async (facts) => {
          const payOn = method.sliced && facts.unit === 'rate' ? facts.lookup : facts.payOn
          const { amount, slices } = method.compute({ ...facts, payOn, rows: toRows(facts.rows) })
          expect(compareDecimals(await computeInSql(name, { ...facts, payOn }), amount)).toBe(0)
          expect(compareDecimals(sumDecimals(slices.map((slice) => slice.amount)), amount)).toBe(0)
          if (compareDecimals(payOn, '0') <= 0) expect(amount).toBe('0')
        }),
        { numRuns: 300 },
      )
    })
  },
)
