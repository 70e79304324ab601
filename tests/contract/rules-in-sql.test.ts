import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { compileSql, inlineSql } from '@channelwright/runtime/logic/compile-sql.ts'
import { walkNodes } from '@channelwright/runtime/logic/ir.ts'
import { operators } from '@channelwright/runtime/logic/operators/index.ts'
import { scopeFromFields } from '@channelwright/runtime/logic/scope.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  type Compared,
  compareRules,
  fillTables,
  type RuleWorld,
  shrinkDifference,
  unexpectedRefusals,
  worldScope,
} from '../support/rule-equality.ts'
import { referenceOperators } from '../support/rule-reference.ts'
import { nullableFields, nullableRows, nullableUses } from './nullable-rules.ts'
import { caseScope } from './operator-cases.ts'
import { listRuleArbitrary, ruleArbitrary, sampleWorld } from './rule-generator.ts'

// One rule, one answer: random rules over random rows, in the evaluator, in Postgres and in an independent reference.

const rowCount = 40
const seed = Number(process.env.RULE_SEED ?? 20261122)
const runs = Number(process.env.RULE_RUNS ?? 300)
const scope = caseScope()

/** Operators that random rules or the reference leave out, each with the reason why. */
const exceptions: Readonly<Record<string, string>> = {}

const world = sampleWorld(rowCount, seed)
let client: pg.Client

beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('postgres').url })
  await client.connect()
  await fillTables(client, world.rows)
})
afterAll(() => client.end())

async function expectEqual(
  rules: readonly Json[],
  database: pg.Client | null,
  over: RuleWorld = world,
): Promise<Compared> {
  const compared = await compareRules(database, over, rules)
  const [first] = compared.differences
  if (first) {
    const least = await shrinkDifference(database, first, over)
    throw new Error(
      `${least.why}\n${JSON.stringify(least.rule)}\n on ${JSON.stringify(least.row)}\n${least.sql}`,
    )
  }
  return compared
}

describe('a rule gives the same in Postgres, in the evaluator and in the reference', () => {
  test(`for ${runs} random rules over ${rowCount} random rows (RULE_SEED, RULE_RUNS)`, async () => {
    const compared = await expectEqual(fc.sample(ruleArbitrary, { numRuns: runs, seed }), client)
    expect(unexpectedRefusals(compared)).toEqual([])
    expect(compared.pairs).toBeGreaterThan(runs * rowCount * 0.85)
    // Rules that fail everywhere prove little.
    expect(compared.failing).toBeLessThan(compared.pairs * 0.3)
  }, 600_000)

  test('for rules over lists that only the evaluator computes', async () => {
    const compared = await expectEqual(fc.sample(listRuleArbitrary, { numRuns: 100, seed }), null)
    expect(unexpectedRefusals(compared)).toEqual([])
    expect(compared.pairs).toBeGreaterThan(2000)
  })

  test('random rules and the reference know every operator of the list, or say why not', () => {
    const used = new Set<string>(['var'])
    const all = worldScope(world.rules)
    for (const arbitrary of [ruleArbitrary, listRuleArbitrary]) {
      for (const rule of fc.sample(arbitrary, { numRuns: 1500, seed })) {
        const typed = checkRule(rule, all, { level: 'F' }).rule
        for (const node of typed ? walkNodes(typed.root) : [])
          if (node.kind === 'call') used.add(node.operator.name)
      }
    }
    const names = operators.map(({ name }) => name)
    expect(names.filter((name) => !used.has(name) && !(name in exceptions))).toEqual([])
    expect(names.filter((name) => !referenceOperators.includes(name) && !(name in exceptions))).toEqual([])
    expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([])
  })

  test('for every operator and every combination of operands that may be empty', async () => {
    const uses = nullableUses()
    const covered = uses.map(({ operator }) => operator)
    const spellings = (one: (typeof operators)[number]) => [one.name, ...(one.aliases ?? [])]
    expect(operators.flatMap(spellings).filter((name) => !covered.includes(name))).toEqual([])
    const empty = { rows: nullableRows(seed), rules: [] }
    await fillTables(client, empty.rows)
    const levelF = new Set(operators.filter(({ level }) => level === 'F').flatMap(spellings))
    const inSql = uses.filter(({ operator }) => !levelF.has(operator))
    const compared = await expectEqual(
      inSql.flatMap(({ rules }) => rules),
      client,
      empty,
    )
    await expectEqual(
      uses.filter(({ operator }) => levelF.has(operator)).flatMap(({ rules }) => rules),
      null,
      empty,
    )
    // Combinations that the checker does not take: empty where nothing may be, nothing where a value must stand.
    expect([...compared.refused.keys()].sort()).toEqual(['T1', 'T13', 'T14_INPUT', 'T2', 'T3', 'T4'])
    const taken = new Set<string>()
    for (const { operator, rules } of uses) {
      const typed = rules
        .map((rule) => checkRule(rule, scope, { level: 'F' }).rule)
        .filter((one) => one !== null)
      if (typed.length > 0) taken.add(operator)
      for (const { reads } of typed) expectEveryCombination(empty.rows, reads)
    }
    expect(covered.filter((name) => !taken.has(name))).toEqual([])
    await fillTables(client, world.rows)
  })
})

/** Of the fields that a rule reads, each combination of empty and not empty stands in some row. */
function expectEveryCombination(rows: readonly JsonObject[], reads: readonly string[]): void {
  const fields = nullableFields.filter((key) => reads.some((path) => path.split('.')[0] === key))
  const found = new Set(rows.map((row) => fields.map((key) => row[key] === null).join()))
  expect(found.size, fields.join()).toBe(2 ** fields.length)
}

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

describe('a condition over rows of a table of their own', () => {
  test('keeps using the indexes of both tables', async () => {
    await client.query('CREATE TEMP TABLE heads (id integer PRIMARY KEY, u text NOT NULL)')
    await client.query(
      'CREATE TEMP TABLE heads_lines (record_id integer, position integer, q bigint NOT NULL)',
    )
    await client.query(`INSERT INTO heads SELECT i, 'k' || i FROM generate_series(1, 20000) i`)
    await client.query(
      'INSERT INTO heads_lines SELECT i / 3, i % 3, i % 100 FROM generate_series(1, 60000) i',
    )
    await client.query('CREATE INDEX heads_u ON heads (u)')
    await client.query('CREATE INDEX heads_lines_record ON heads_lines (record_id)')
    await client.query('ANALYZE heads, heads_lines')
    const line: RuleType = {
      t: 'obj',
      nullable: false,
      fields: new Map([['q', { t: 'int', nullable: false }]]),
    }
    const fields = scopeFromFields(
      [
        ['u', { t: 'str', nullable: false }],
        ['lines', { t: 'list', nullable: false, of: line }],
      ],
      { required: ['u'] },
    )
    const lines: Json = { var: 'lines' }
    for (const test of [
      { any: [lines, 'line', { '>': [{ var: 'line.q' }, 5] }] },
      { '>': [{ sum: [lines, 'line', { var: 'line.q' }] }, 10] },
      { '>=': [{ count: [lines, 'line', { '==': [{ '/': [{ var: 'line.q' }, 2] }, 1] }] }, 0] },
    ] as Json[]) {
      const { rule } = checkRule({ and: [{ '==': [{ var: 'u' }, 'k77'] }, test] }, fields, { level: 'L' })
      const sql = compileSql(rule!, (path) =>
        path === 'lines'
          ? {
              sql: '',
              rows: (alias) => ({
                from: `heads_lines ${alias}`,
                where: `${alias}.record_id = heads.id`,
                order: `${alias}.position`,
                source: () => ({ sql: `${alias}.q`, column: true, integer: true }),
              }),
            }
          : { sql: `heads.${path}`, column: true },
      )
      const { rows: plan } = await client.query<{ 'QUERY PLAN': string }>({
        text: `EXPLAIN SELECT * FROM heads WHERE ${sql.text}`,
        values: [...sql.values],
      })
      const text = plan.map((one) => one['QUERY PLAN']).join('\n')
      expect(text).toMatch(/heads_u/)
      expect(text).toMatch(/heads_lines_record/)
    }
  })
})

test('a rule cannot bring SQL of its own into a statement', async () => {
  const hostile = `'; DROP TABLE t; -- \\' "$1 $$ \u0001`
  const { rule } = checkRule({ '==': [{ var: 's' }, hostile] }, scope)
  const sql = compileSql(rule!, (path) => ({ sql: `t.${path}`, column: true }))
  expect(sql.text).not.toContain('DROP')
  await client.query(
    `INSERT INTO t SELECT (jsonb_populate_record(t, jsonb_build_object('id', 1000, 's', $1::text))).* FROM t WHERE id = 0`,
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
