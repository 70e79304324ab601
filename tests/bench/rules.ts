import type { Json } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { compileSql, type SqlResolver } from '@channelwright/runtime/logic/compile-sql.ts'
import { compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'
import { ruleTypeFromJsonSchema, scopeFromType } from '@channelwright/runtime/logic/schema-type.ts'
import { compileTrace } from '@channelwright/runtime/logic/trace.ts'
import { LogicEngine } from 'json-logic-engine'
import jsonLogic from 'json-logic-js'
import type pg from 'pg'
import { withClient } from '../support/database.ts'
import { openBenchDatabase } from './database.ts'
import { type BenchFigure, figure } from './figure.ts'

interface Line {
  readonly qty: number
  readonly price: number
}
interface Row {
  readonly amount: number
  readonly region: string
  readonly tier: string
  readonly status: string
  readonly months: number
  readonly strategic: boolean
  readonly lines: readonly Line[]
}

const read = (path: string): Json => ({ var: path })
const amount = read('amount')

const condition: Json = {
  and: [
    { '>=': [amount, 100000] },
    { '<': [amount, 900000] },
    { in: [read('region'), ['east', 'north', 'south']] },
    { '==': [read('tier'), 'gold'] },
    { '!=': [read('status'), 'closed'] },
    { or: [{ '>': [read('months'), 6] }, { '==': [read('strategic'), true] }] },
  ],
}

/** From, what the bands before it give, rate. */
const bands = [
  [0, 0, 0.01],
  [100000, 1000, 0.02],
  [250000, 4000, 0.03],
  [500000, 11500, 0.04],
  [1000000, 31500, 0.05],
] as const
const band = ([from, before, rate]: (typeof bands)[number]): Json => ({
  '+': [before, { '*': [{ '-': [amount, from] }, rate] }],
})
const commission: Json = {
  if: bands.flatMap((one, i) => {
    const next = bands[i + 1]
    return next ? [{ '<': [amount, next[0]] }, band(one)] : [band(one)]
  }),
}

const gathering: Json = {
  reduce: [
    read('lines'),
    { '+': [read('accumulator'), { '*': [read('current.qty'), read('current.price')] }] },
    0,
  ],
}

/** As the columns below hold it. */
const money = { type: 'number', multipleOf: 0.01, minimum: -999999999999, maximum: 999999999999 }
const schema: Json = {
  type: 'object',
  required: ['amount', 'region', 'tier', 'status', 'months', 'strategic', 'lines'],
  properties: {
    amount: money,
    region: { type: 'string' },
    tier: { type: 'string' },
    status: { type: 'string' },
    months: { type: 'integer' },
    strategic: { type: 'boolean' },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['qty', 'price'],
        properties: { qty: { type: 'integer' }, price: money },
      },
    },
  },
}
const scope = scopeFromType(ruleTypeFromJsonSchema(schema))

const cents = (n: number) => Math.round(n * 100) / 100
const rows: readonly Row[] = Array.from({ length: 1000 }, (_, i) => ({
  amount: cents(50000 + i * 1234.56),
  region: ['east', 'west', 'north', 'south'][i % 4]!,
  tier: i % 3 === 0 ? 'silver' : 'gold',
  status: i % 7 === 0 ? 'closed' : 'open',
  months: i % 12,
  strategic: i % 5 === 0,
  lines: Array.from({ length: 20 }, (_, k) => ({ qty: k + 1, price: cents(9.99 + i * 0.37 + k) })),
}))

/** What a programmer would write, in floats. */
const byHand: Readonly<Record<string, (row: Row) => unknown>> = {
  condition: (r) =>
    r.amount >= 100000 &&
    r.amount < 900000 &&
    ['east', 'north', 'south'].includes(r.region) &&
    r.tier === 'gold' &&
    r.status !== 'closed' &&
    (r.months > 6 || r.strategic),
  'five-band commission': (r) => {
    const [from, before, rate] = bands.findLast((one) => r.amount >= one[0]) ?? bands[0]
    return before + (r.amount - from) * rate
  },
  'reduce over 20 lines': (r) => r.lines.reduce((sum, line) => sum + line.qty * line.price, 0),
}

/** Calls in one second of processor time, the best of several rounds: others share the machine. */
function perSecond(calls: number, run: (row: Row) => unknown): number {
  let best = 0
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage().user
    for (let i = 0; i < calls; i++) run(rows[i % rows.length]!)
    best = Math.max(best, (calls * 1e6) / (process.cpuUsage().user - before))
  }
  return best
}

function typed(rule: Json, within = scope) {
  const checked = checkRule(rule, within)
  if (!checked.rule) throw new Error(JSON.stringify(checked.diagnostics))
  return checked.rule
}

/** `npm run bench -- rules`: rules beside other engines and hand-written code, in this process and in Postgres. */
export async function benchRules(): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = []
  const engine = new LogicEngine()
  for (const [name, rule, calls] of [
    ['condition', condition, 300_000],
    ['five-band commission', commission, 200_000],
    ['reduce over 20 lines', gathering, 20_000],
  ] as const) {
    const foreign = rule as Parameters<typeof jsonLogic.apply>[0]
    const built = engine.build(rule) as (row: Row) => unknown
    const interpreted = perSecond(calls, (row) => engine.run(rule, row))
    const ours = perSecond(calls, compileRule(typed(rule)))
    const traced = compileTrace(typed(rule))
    const unit = 'evaluations per second of processor time'
    figures.push(
      {
        ...figure(`${name}: ours`, ours, unit, interpreted),
        note: 'limit: json-logic-engine interpreted; more is better',
      },
      figure(
        `${name}: json-logic-js`,
        perSecond(calls / 10, (row) => jsonLogic.apply(foreign, row)),
        unit,
      ),
      figure(`${name}: json-logic-engine interpreted`, interpreted, unit),
      { ...figure(`${name}: json-logic-engine built`, perSecond(calls, built), unit), note: 'needs eval' },
      { ...figure(`${name}: by hand`, perSecond(calls, byHand[name]!), unit), note: 'floats' },
      {
        ...figure(`${name}: ours, with a trace kept`, perSecond(calls / 4, traced), unit, ours / 5),
        note: 'limit: a fifth of the same without a trace',
      },
      {
        ...figure(
          `${name}: ours, every trace told`,
          perSecond(calls / 20, (row) => traced(row).root),
          unit,
        ),
        note: 'all steps as JSON',
      },
    )
  }
  figures.push(...checkTimes(), ...wideTimes(), memoryOfRules())
  figures.push(...(await benchSql()))
  return figures
}

/** A conjunction of comparisons with about so many nodes. */
function ruleOf(nodes: number): Json {
  const one = (i: number): Json => ({ or: [{ '>': [amount, i] }, { '==': [read('region'), `r${i}`] }] })
  const parts = Math.max(1, Math.round(nodes / 7))
  const group = (from: number, count: number): Json =>
    count === 1 ? one(from) : { and: Array.from({ length: count }, (_, i) => one(from + i)) }
  return group(0, parts)
}

function checkTimes(): BenchFigure[] {
  return [20, 50, 200, 500].map((nodes) => {
    const rule = ruleOf(nodes)
    for (let i = 0; i < 30; i++) checkRule(rule, scope)
    const before = process.cpuUsage().user
    for (let i = 0; i < 50; i++) checkRule(rule, scope)
    const milliseconds = (process.cpuUsage().user - before) / 1000 / 50
    return figure(`check a rule of ${nodes} nodes`, milliseconds, 'ms', nodes === 200 ? 5 : null)
  })
}

/** The checker beside a schema of ten thousand fields, as the editor of rules calls it on each keystroke. */
function wideTimes(): BenchFigure[] {
  const fields = 10_000
  const properties: Record<string, Json> = Object.fromEntries(
    Array.from({ length: fields }, (_, i) => [`field_${i}`, i % 3 === 0 ? { type: 'string' } : money]),
  )
  const wide = scopeFromType(
    ruleTypeFromJsonSchema({ type: 'object', required: Object.keys(properties), properties }),
  )
  const rule: Json = {
    and: Array.from(
      { length: 28 },
      (_, i): Json => ({
        or: [{ '>': [read(`field_${i * 300 + 1}`), i] }, { '==': [read(`field_${i * 300}`), `r${i}`] }],
      }),
    ),
  }
  const time = (one: Json) => {
    for (let i = 0; i < 10; i++) checkRule(one, wide)
    const before = process.cpuUsage().user
    for (let i = 0; i < 30; i++) checkRule(one, wide)
    return (process.cpuUsage().user - before) / 1000 / 30
  }
  return [
    figure('check a rule of 200 nodes among 10,000 fields', time(rule), 'ms', 5),
    figure('name the nearest of 10,000 fields', time({ '>': [read('feild_77'), 1] }), 'ms', 5),
  ]
}

/** What a compiled rule holds, over a thousand of them. */
function memoryOfRules(): BenchFigure {
  const checked = typed(commission)
  const kept: unknown[] = []
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 1000; i++) kept.push(compileRule(checked))
  const held = Math.max(0, process.memoryUsage().heapUsed - before) / kept.length / 1024
  return figure('memory of one compiled five-band commission', held, 'KiB')
}

const million = 1_000_000

async function benchSql(): Promise<BenchFigure[]> {
  const database = await openBenchDatabase()
  try {
    return await withClient(database.url, async (client) => {
      await client.query(
        'CREATE TABLE bench_rows (amount numeric(14,2) NOT NULL, region text NOT NULL, tier text NOT NULL, status text NOT NULL, months bigint NOT NULL, strategic boolean NOT NULL)',
      )
      await client.query(
        `INSERT INTO bench_rows SELECT round(50000 + (i % 1000000) * 1.23, 2), (ARRAY['east','west','north','south'])[i % 4 + 1],
         CASE WHEN i % 3 = 0 THEN 'silver' ELSE 'gold' END, CASE WHEN i % 7 = 0 THEN 'closed' ELSE 'open' END, i % 12, i % 5 = 0
         FROM generate_series(1, ${million}) i`,
      )
      await client.query('ANALYZE bench_rows')
      await client.query('SET max_parallel_workers_per_gather = 0')
      await client.query('SET jit = off')
      const priced: Json = { round: [commission, 2, 'half_up'] }
      const hand = bands
        .map(([from, before, rate], i) => {
          const next = bands[i + 1]
          const value = `${before} + (amount - ${from}) * ${rate}`
          return next ? `WHEN amount < ${next[0]} THEN ${value}` : `ELSE ${value}`
        })
        .join(' ')
      return [
        await sqlFigure(
          client,
          'a condition over 1,000,000 rows in SQL',
          (where) => `SELECT count(*) FROM bench_rows t WHERE ${where}`,
          condition,
          `amount >= 100000 AND amount < 900000 AND region = ANY('{east,north,south}'::text[]) AND tier = 'gold' AND status <> 'closed' AND (months > 6 OR strategic)`,
        ),
        await sqlFigure(
          client,
          'five-band commission over 1,000,000 rows in SQL',
          (value) => `SELECT sum(${value}) FROM bench_rows t`,
          priced,
          `round(CASE ${hand} END, 2)`,
        ),
        ...(await benchTiers(client, hand)),
        ...(await benchSimilarity(client)),
      ]
    })
  } finally {
    await database.close()
  }
}

/** `tiers` beside what one would write: each slice at its own rate, the whole at the rate that is reached. */
async function benchTiers(client: pg.Client, slices: string): Promise<BenchFigure[]> {
  const tiers = (method: string): Json => ({
    tiers: [amount, method, bands.map(([from, , rate]): Json => [from, rate]), 2],
  })
  const reached = bands.map(([from, , rate]) => `WHEN amount >= ${from} THEN amount * ${rate}`).reverse()
  const sum = (value: string) => `SELECT sum(${value}) FROM bench_rows t`
  const rows = '1,000,000 rows in SQL'
  return [
    await sqlFigure(
      client,
      `tiers, marginal, over ${rows}`,
      sum,
      tiers('marginal'),
      `round(CASE ${slices} END, 2)`,
    ),
    await sqlFigure(
      client,
      `tiers, whole, over ${rows}`,
      sum,
      tiers('whole'),
      `round(CASE ${reached.join(' ')} ELSE 0 END, 2)`,
    ),
  ]
}

/** Company names, every tenth of which is written in another way. */
async function benchSimilarity(client: pg.Client): Promise<BenchFigure[]> {
  await client.query(`CREATE TABLE bench_names AS
    SELECT (ARRAY['上海','北京','深圳','苏州'])[i % 4 + 1] || (ARRAY['云海','智联','华辰','博远','天衡'])[i % 5 + 1] || i % 997
      || (ARRAY['信息技术','电子科技','网络'])[i % 3 + 1] || (ARRAY['有限公司','股份有限公司','(集团)有限公司'])[i % 3 + 1] AS name
    FROM generate_series(1, ${million}) i`)
  await client.query('ANALYZE bench_names')
  await client.query(nameFunctions('public'))
  const wanted = '上海云海12信息技术有限公司'
  const names = scopeFromType(
    ruleTypeFromJsonSchema({ type: 'object', required: ['name'], properties: { name: { type: 'string' } } }),
  )
  // The pairs of one text counted over those of the other, as a statement of its own: what SQL offers without a function.
  const pairs = (text: string) =>
    `SELECT substr(${text}, i, 2) AS pair, count(*) AS n FROM generate_series(1, char_length(${text}) - 1) i GROUP BY 1`
  const total = `(char_length(t.name) + char_length('${wanted}') - 2)`
  const alike = `CASE WHEN t.name = '${wanted}' THEN 1 ELSE round(2.0 * (SELECT coalesce(sum(least(a.n, b.n)), 0) FROM (${pairs('t.name')}) a JOIN (${pairs(`'${wanted}'::text`)}) b USING (pair)) / ${total}, 4) END`
  const sum = (value: string) => `SELECT sum(${value}) FROM bench_names t`
  const rule: Json = { similarity: [read('name'), wanted] }
  return [
    await sqlFigure(client, 'similarity over 1,000,000 names in SQL', sum, rule, alike, {
      within: names,
      rounds: 2,
    }),
  ]
}

async function sqlFigure(
  client: pg.Client,
  name: string,
  statement: (expression: string) => string,
  rule: Json,
  hand: string,
  { within = scope, rounds = 4 } = {},
): Promise<BenchFigure> {
  const column: SqlResolver = (path, type) => ({
    sql: `t.${path}`,
    column: true,
    integer: type.t === 'int',
  })
  const sql = compileSql(typed(rule, within), column, { schema: 'public' })
  const timed = async (text: string, values: readonly unknown[]) => {
    let best = Number.POSITIVE_INFINITY
    let found: unknown
    for (let round = 0; round < rounds; round++) {
      const before = performance.now()
      found = (await client.query({ text, values: [...values], rowMode: 'array' })).rows[0]
      best = Math.min(best, performance.now() - before)
    }
    return { best, found }
  }
  const written = await timed(statement(hand), [])
  const ours = await timed(statement(sql.text), sql.values)
  if (Number((ours.found as unknown[])[0]) !== Number((written.found as unknown[])[0]))
    throw new Error(`${name}: ${String(ours.found)} is not ${String(written.found)}`)
  return { ...figure(name, ours.best, 'ms', written.best), note: 'limit: the statement written by hand' }
}
