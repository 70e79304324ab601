import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { compileSql, inlineSql } from '@channelwright/runtime/logic/compile-sql.ts'
import { equalDecimals } from '@channelwright/runtime/logic/decimal.ts'
import { compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { scopeFromFields } from '@channelwright/runtime/logic/scope.ts'
import { traceRule } from '@channelwright/runtime/logic/trace.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { caseFields, periodText } from './operator-cases.ts'
import { rowArbitrary, ruleArbitrary } from './rule-generator.ts'

// One rule, one answer: random rules over random rows, in the evaluator and in Postgres.

const rowCount = 40
const seed = Number(process.env.RULE_SEED ?? 20261122)
const runs = Number(process.env.RULE_RUNS ?? 400)

const columns: Readonly<Record<string, string>> = {
  n: 'bigint NOT NULL',
  m: 'bigint',
  a: 'numeric(20,2) NOT NULL',
  b: 'numeric(20,2)',
  r: 'numeric(12,6) NOT NULL',
  s: 'text NOT NULL',
  u: 'text',
  e: 'text NOT NULL',
  d: 'date NOT NULL',
  x: 'date',
  i: 'timestamptz NOT NULL',
  p: 'daterange NOT NULL',
  o: 'boolean NOT NULL',
  q: 'boolean',
  l: 'text[] NOT NULL',
  k: 'bigint[] NOT NULL',
}

let client: pg.Client
let rows: readonly JsonObject[]

beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('postgres').url })
  await client.connect()
  const names = Object.keys(columns)
  await client.query(
    `CREATE TEMP TABLE t (id integer PRIMARY KEY, ${names.map((name) => `${name} ${columns[name]}`).join(', ')})`,
  )
  rows = fc.sample(rowArbitrary, { numRuns: rowCount, seed })
  for (const [id, row] of rows.entries()) {
    await client.query(`INSERT INTO t VALUES ($1, ${names.map((_, i) => `$${i + 2}`).join(', ')})`, [
      id,
      ...names.map((name) => (name === 'p' ? periodText(row.p ?? null) : (row[name] ?? null))),
    ])
  }
})
afterAll(() => client.end())

const scope = scopeFromFields(Object.entries(caseFields), {
  required: Object.keys(caseFields).filter((key) => !caseFields[key]!.nullable),
})

/** As Postgres gives the value: numbers by value, dates and periods as ISO text. */
function isSame(got: Json, found: unknown, type: RuleType): boolean {
  if (got === null || found === null) return got === found
  if (type.t === 'int' || type.t === 'dec') return equalDecimals(String(got), String(found))
  if (type.t === 'period') return periodText(got) === found
  return got === found
}

async function compare(rule: Json): Promise<number> {
  const { rule: typed, diagnostics } = checkRule(rule, scope, { level: 'V' })
  if (!typed) {
    // The generator makes sound rules; only the scale and size of products can be too much.
    expect(
      diagnostics.map((d) => d.code).filter((code) => !['T6', 'T8', 'T10_LIMIT'].includes(code)),
    ).toEqual([])
    return 0
  }
  const sql = compileSql(typed, (path, type) => ({
    sql: `t.${path}`,
    column: true,
    integer: type.t === 'int',
  }))
  const text =
    typed.type.t === 'date' || typed.type.t === 'period' || typed.type.t === 'dec' || typed.type.t === 'int'
  const cast = text ? '::text' : ''
  const result = await client.query<{ value: unknown; ok: boolean }>(
    `SELECT (${sql.text})${cast} AS value, ${sql.ok ?? 'TRUE'} AS ok FROM t ORDER BY id`,
    [...sql.values],
  )
  const inline = await client.query<{ value: unknown }>(
    `SELECT (${inlineSql(sql)})${cast} AS value FROM t ORDER BY id`,
  )
  const run = compileRule(typed)
  rows.forEach((row, i) => {
    const found = result.rows[i]!
    const got = run(row)
    const same = got.ok
      ? found.ok && isSame(got.value, found.value, typed.type)
      : !found.ok && found.value === null
    if (!same || inline.rows[i]!.value !== found.value) {
      throw new Error(
        `${JSON.stringify(rule)}\n on ${JSON.stringify(row)}\n evaluator: ${JSON.stringify(got)}\n Postgres: ${JSON.stringify(found)}\n ${sql.text} ${JSON.stringify(sql.values)}`,
      )
    }
  })
  const traced = traceRule(typed, rows[0])
  expect(traced.result).toEqual(run(rows[0]))
  return rows.length
}

describe('a rule gives the same in Postgres as in the evaluator', () => {
  test(`for ${runs} random rules over ${rowCount} random rows (RULE_SEED, RULE_RUNS)`, async () => {
    let pairs = 0
    await fc.assert(
      fc.asyncProperty(ruleArbitrary, async (rule) => {
        pairs += await compare(rule)
      }),
      { numRuns: runs, seed },
    )
    expect(pairs).toBeGreaterThan((runs * rowCount) / 2)
  }, 600_000)
})

describe('a condition over an indexed column', () => {
  test('keeps using the index', async () => {
    await client.query('CREATE TEMP TABLE many (id integer, n bigint, u text, d date, g uuid)')
    await client.query(
      `INSERT INTO many SELECT i, i % 5000, 'k' || i, DATE '2020-01-01' + i % 2000, gen_random_uuid() FROM generate_series(1, 20000) i`,
    )
    for (const column of ['n', 'u', 'd', 'g'])
      await client.query(`CREATE INDEX many_${column} ON many (${column})`)
    await client.query('ANALYZE many')
    const fields = scopeFromFields(
      [
        ['n', { t: 'int', nullable: true }],
        ['u', { t: 'str', nullable: true }],
        ['d', { t: 'date', nullable: true }],
        ['g', { t: 'ref', nullable: true, object: 'g' }],
      ],
      { party: 'g' },
    )
    const conditions: Json[] = [
      { '==': [{ var: 'u' }, 'k77'] },
      { in: [{ var: 'u' }, ['k1', 'k2']] },
      { '==': [{ var: 'n' }, 17] },
      { in: [{ var: 'n' }, [17, 18]] },
      { and: [{ exists: [{ var: 'd' }] }, { '==': [{ var: 'd' }, '2021-01-01'] }] },
      { in: [{ var: 'g' }, { var: '$user.partners' }] },
    ]
    for (const condition of conditions) {
      const { rule } = checkRule(condition, fields, { level: 'C' })
      const sql = compileSql(rule!, (path) =>
        path.startsWith('$')
          ? { sql: "(SELECT '{00000000-0000-0000-0000-000000000000}')::uuid[]" }
          : { sql: `many.${path}`, column: true, integer: true },
      )
      const { rows: plan } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT * FROM many WHERE ${inlineSql(sql)}`,
      )
      expect(plan.map((line) => line['QUERY PLAN']).join('\n'), inlineSql(sql)).toMatch(/Index/)
    }
  })
})

test('a rule cannot bring SQL of its own into a statement', async () => {
  const hostile = `'; DROP TABLE t; -- \\' "$1 $$ \u0001`
  const { rule } = checkRule({ '==': [{ var: 's' }, hostile] }, scope)
  const sql = compileSql(rule!, (path) => ({ sql: `t.${path}`, column: true }))
  expect(sql.text).not.toContain('DROP')
  await client.query(
    'INSERT INTO t SELECT 1000, n, m, a, b, r, $1, u, e, d, x, i, p, o, q, l, k FROM t WHERE id = 0',
    [hostile],
  )
  for (const standard of ['on', 'off']) {
    await client.query(`SET standard_conforming_strings = ${standard}`)
    const found = await client.query<{ id: number }>(`SELECT id FROM t WHERE ${inlineSql(sql)}`)
    expect(found.rows).toEqual([{ id: 1000 }])
  }
  await client.query('SET standard_conforming_strings = on')
  await client.query('DELETE FROM t WHERE id = 1000')
})
