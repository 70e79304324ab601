import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import {
  type ChildRows,
  compileSql,
  inlineSql,
  type SqlResolver,
} from '@channelwright/runtime/logic/compile-sql.ts'
import { type CompiledRule, compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { type TypedRule, walkNodes } from '@channelwright/runtime/logic/ir.ts'
import { lookupPort } from '@channelwright/runtime/logic/lookup-port.ts'
import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'
import { replayTrace } from '@channelwright/runtime/logic/replay.ts'
import { traceRule } from '@channelwright/runtime/logic/trace.ts'
import type { NamedRule, RuleScope, RuleType } from '@channelwright/runtime/logic/types.ts'
import type { RuleResult } from '@channelwright/runtime/logic/value.ts'
import type pg from 'pg'
import { caseCalendars, caseLibrary, caseLookup, caseRates, caseRecords } from '../contract/case-library.ts'
import { caseFields, caseScope, periodText, rowFields } from '../contract/operator-cases.ts'
import {
  computeByReference,
  ReferenceFailure,
  type ReferenceWorld,
  readMoment,
  showMoment,
  showNumber,
} from './rule-reference.ts'

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
  b2: 'numeric(24,4)',
  u2: 'text',
  x2: 'date',
  q2: 'boolean',
  v: 'timestamptz',
  v2: 'timestamptz',
  p2: 'daterange',
  l2: 'text[]',
  k2: 'bigint[]',
  j: 'jsonb NOT NULL',
}
const childColumns: Readonly<Record<string, string>> = {
  q: 'bigint NOT NULL',
  w: 'numeric(20,2) NOT NULL',
  c: 'text NOT NULL',
  z: 'numeric(20,2)',
  g: 'date NOT NULL',
  h: 'boolean',
  k: 'text[] NOT NULL',
  y: 'timestamptz',
}

/** What rules are computed over: rows of the fields of the cases, and named rules beside those of the cases. */
export interface RuleWorld {
  readonly rows: readonly JsonObject[]
  readonly rules: readonly NamedRule[]
}

/** The scope of a rule in the world; `extra` named rules stand before those of the cases. */
export function worldScope(extra: readonly NamedRule[]): RuleScope {
  const own = new Map(extra.map((rule) => [rule.key, rule]))
  return {
    ...caseScope(),
    library: {
      ...caseLibrary,
      rule: (key) => own.get(key) ?? caseLibrary.rule(key),
      rules: [...own.keys(), ...caseLibrary.rules],
    },
  }
}

function referenceWorld({ rules }: RuleWorld): ReferenceWorld {
  const cases = caseLibrary.rules.map((key) => caseLibrary.rule(key)!)
  const { fields, rows } = caseRates
  return {
    rules: new Map([...cases, ...rules].map((rule) => [rule.key, rule])),
    calendars: caseCalendars,
    records: new Map([['rate', { fields: Object.fromEntries(fields), rows }]]),
  }
}

/** Makes the tables `t` and `t_lines` (temporary) with the rows; field `t` of a row stands in `t_lines`. */
export async function fillTables(client: pg.Client, rows: readonly JsonObject[]): Promise<void> {
  const list = (of: Readonly<Record<string, string>>) =>
    Object.entries(of)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')
  await client.query(`SET TimeZone = 'UTC'; SET jit = off; ${nameFunctions('pg_temp')}`)
  await client.query(
    `DROP TABLE IF EXISTS t, t_lines; CREATE TEMP TABLE t (id integer PRIMARY KEY, ${list(columns)})`,
  )
  await client.query(
    `CREATE TEMP TABLE t_lines (record_id integer NOT NULL, position integer NOT NULL, ${list(childColumns)}, PRIMARY KEY (record_id, position))`,
  )
  const insert = (table: string, values: readonly unknown[]) =>
    client.query({
      name: `fill_${table}`,
      text: `INSERT INTO ${table} VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')})`,
      values: [...values],
    })
  for (const [id, row] of rows.entries()) {
    const cells = Object.keys(columns).map((name) =>
      name === 'p' || name === 'p2'
        ? periodText(row[name] ?? null)
        : name === 'j'
          ? JSON.stringify(row.j)
          : (row[name] ?? null),
    )
    await insert('t', [id, ...cells])
    for (const [at, line] of (row.t as JsonObject[]).entries())
      await insert('t_lines', [id, at, ...Object.keys(childColumns).map((name) => line[name] ?? null)])
  }
  await client.query('ANALYZE t, t_lines')
}

const childRows = (alias: string): ChildRows => ({
  from: `t_lines ${alias}`,
  where: `${alias}.record_id = t.id`,
  order: `${alias}.position`,
  source: (path) =>
    path in rowFields
      ? { sql: `${alias}.${path}`, column: true, integer: rowFields[path]!.t === 'int' }
      : null,
})

const resolver: SqlResolver = (path, type) =>
  path === 't'
    ? { sql: '', rows: childRows }
    : (caseRecords(path) ?? { sql: `t.${path}`, column: true, integer: type.t === 'int' })

export interface Difference {
  readonly rule: Json
  readonly row: JsonObject
  readonly why: string
  readonly sql: string
}

export interface Compared {
  /** Rule × row pairs that were computed in every way. */
  readonly pairs: number
  readonly rules: number
  /** Pairs whose answer is an error, in every engine. */
  readonly failing: number
  /** Refused by the checker: the codes, each with a rule. */
  readonly refused: ReadonlyMap<string, Json>
  /** Names of the operators that the rules used. */
  readonly operators: ReadonlySet<string>
  readonly differences: readonly Difference[]
}

interface Ready {
  readonly rule: Json
  readonly typed: TypedRule
  readonly run: CompiledRule
}

/**
 * Errors that a sound rule of the generator can have: the places of products, limits, lists too deep (of a named rule
 * that is called inside lists too), tables that leave choices out.
 */
const expectedCodes = ['T6', 'T8', 'T10_LIMIT', 'T11', 'T12', 'T14_BODY']

/** Rules of one statement: one plan and one way to Postgres for all of them. */
const batch = 24

/**
 * Computes every rule over every row by the evaluator, the independent reference and, up to level L, Postgres, with
 * parameters and with literals; many rules go in one statement. `client` has the tables of `fillTables`.
 */
export async function compareRules(
  client: pg.Client | null,
  world: RuleWorld,
  rules: readonly Json[],
): Promise<Compared> {
  const scope = worldScope(world.rules)
  const reference = referenceWorld(world)
  const refused = new Map<string, Json>()
  const operators = new Set<string>()
  const differences: Difference[] = []
  const ready: Ready[] = []
  let failing = 0
  for (const rule of rules) {
    const { rule: typed, diagnostics } = checkRule(rule, scope, { level: client ? 'L' : 'F' })
    if (typed) {
      ready.push({ rule, typed, run: compileRule(typed) })
      for (const node of walkNodes(typed.root)) if (node.kind === 'call') operators.add(node.operator.name)
      if (typed.reads.length > 0) operators.add('var')
    }
    for (const one of typed ? [] : diagnostics.filter((d) => d.severity === 'error'))
      refused.set(one.code, { rule, at: one.path })
  }
  for (let i = 0; i < ready.length; i += batch) {
    const some = ready.slice(i, i + batch)
    // Postgres computes while this thread does.
    const sql = client ? askPostgres(client, some) : null
    const results = some.map(({ run }) => world.rows.map((row) => attempt(run, row)))
    for (const [at, one] of some.entries()) {
      failing += results[at]!.filter(({ ok }) => !ok).length
      differences.push(...withReference(one, world.rows, results[at]!, reference))
      differences.push(...withTrace(one, world.rows[(i + at) % world.rows.length]!))
    }
    if (sql && client) differences.push(...(await withPostgres(client, world.rows, some, results, await sql)))
  }
  return {
    pairs: ready.length * world.rows.length,
    rules: ready.length,
    failing,
    refused,
    operators,
    differences,
  }
}

/** The named rules of the world that a rule calls, those they call included. */
export function calledRules(rule: Json, { rules }: RuleWorld): readonly NamedRule[] {
  const called = rules.filter(({ key }) => JSON.stringify(rule).includes(`{"rule":["${key}"`))
  return [
    ...new Set(
      called.flatMap((one) => [
        ...calledRules(Object.values(one.body)[0] as Json, {
          rows: [],
          rules: rules.filter(({ key }) => key !== one.key),
        }),
        one,
      ]),
    ),
  ]
}

/** Refusals that no sound rule can meet, each with a rule that met it. */
export function unexpectedRefusals(compared: Compared): [code: string, example: Json][] {
  return [...compared.refused].filter(([code]) => !expectedCodes.includes(code))
}

/** An evaluator never throws: where it does, that is an answer no other engine gives. */
function attempt(run: CompiledRule, row: JsonObject): RuleResult {
  try {
    return run(row, withRecords(row))
  } catch (thrown) {
    return { ok: true, value: `throws ${String(thrown)}` }
  }
}

const hasThrown = (result: RuleResult) => result.ok && String(result.value).startsWith('throws ')

const withRecords = (row: JsonObject) => ({ ...row, [lookupPort]: caseLookup })

function withTrace({ rule, typed, run }: Ready, row: JsonObject): Difference[] {
  const wanted = attempt(run, row)
  if (hasThrown(wanted)) return []
  const traced = traceRule(typed, row, withRecords(row))
  if (JSON.stringify(traced.result) !== JSON.stringify(wanted))
    return [{ rule, row, why: 'the trace gives another result', sql: '' }]
  const [forged] = replayTrace(typed, traced).differs
  if (!forged) return []
  return [{ rule, row, why: `replay at ${forged.p}: ${forged.out} ≠ ${forged.found}`, sql: '' }]
}

function withReference(
  { rule, typed }: Ready,
  rows: readonly JsonObject[],
  results: readonly RuleResult[],
  world: ReferenceWorld,
): Difference[] {
  return rows.flatMap((row, at) => {
    const got = results[at]!
    if (got.ok && hasThrown(got)) return [{ rule, row, why: `evaluator ${String(got.value)}`, sql: '' }]
    const evaluator = got.ok ? plainText(got.value, typed.type) : `fails with ${got.error.code}`
    let reference: string
    try {
      reference = plainText(computeByReference(rule, row, caseFields, world), typed.type)
    } catch (error) {
      if (!(error instanceof ReferenceFailure)) throw error
      if (!got.ok) return []
      reference = `fails: ${error.message}`
    }
    if (evaluator === reference) return []
    return [{ rule, row, why: `evaluator ${evaluator}, reference ${reference}`, sql: '' }]
  })
}

/** The value in one form, however it is written: numbers as their shortest text, moments with six digits. */
function plainText(value: Json, type: RuleType): string {
  return canonical(plain(value, type))
}

function plain(value: Json, type: RuleType): Json {
  if (value === null) return null
  switch (type.t) {
    case 'int':
    case 'dec':
      return shortest(String(value))
    case 'bool':
      return String(value)
    case 'instant':
      return showMoment(readMoment(String(value)))
    case 'list':
      return (value as Json[]).map((one) => plain(one, type.of))
    case 'obj':
      return Object.fromEntries(
        Object.entries(value as JsonObject).map(([key, one]) => {
          const field = type.fields.get(key)
          return [key, field ? plain(one, field) : one]
        }),
      )
    default:
      return value
  }
}

function shortest(text: string): string {
  const [whole = '', part = ''] = text.split('.')
  return showNumber({ n: BigInt(whole + part), s: part.length })
}

type SqlRow = Readonly<Record<string, string | boolean | null>>
interface Answer {
  readonly parts: readonly string[]
  readonly rows: readonly SqlRow[] | null
  readonly error: string | null
}

/** As text that `fromSql` reads. */
function shownSql(text: string, type: RuleType): string {
  if (type.t === 'instant') return `to_char(${text}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  if (type.t !== 'list') return `(${text})::text`
  return ['obj', 'list', 'period'].includes(type.of.t)
    ? `(${text})::text`
    : `to_json((${text})::text[])::text`
}

function fromSql(text: string, type: RuleType): Json {
  return type.t === 'list' || type.t === 'obj' ? (JSON.parse(text) as Json) : text
}

async function askPostgres(client: pg.Client, ready: readonly Ready[]): Promise<Answer> {
  const values: unknown[] = []
  const parts = ready.map(({ typed }, i) => {
    const sql = compileSql(typed, resolver, { firstParam: values.length + 1, schema: 'pg_temp' })
    values.push(...sql.values)
    // Literals in place of parameters for one in four: policies and constraints take none.
    const inline = i % 4 === 0 ? `, ${shownSql(inlineSql(sql), typed.type)} AS i${i}` : ''
    return `${shownSql(sql.text, typed.type)} AS v${i}, ${sql.ok ?? 'TRUE'} AS k${i}${inline}`
  })
  try {
    const { rows } = await client.query<SqlRow>(`SELECT ${parts.join(',\n')} FROM t ORDER BY id`, values)
    return { parts, rows, error: null }
  } catch (error) {
    return { parts, rows: null, error: String(error) }
  }
}

async function withPostgres(
  client: pg.Client,
  rows: readonly JsonObject[],
  ready: readonly Ready[],
  results: readonly (readonly RuleResult[])[],
  answer: Answer,
): Promise<Difference[]> {
  const differences: Difference[] = []
  if (answer.error !== null) {
    if (ready.length > 1) {
      for (const [i, one] of ready.entries())
        differences.push(
          ...(await withPostgres(client, rows, [one], [results[i]!], await askPostgres(client, [one]))),
        )
      return differences
    }
    return [
      {
        rule: ready[0]!.rule,
        row: rows[0]!,
        why: `Postgres refuses: ${answer.error}`,
        sql: answer.parts[0]!,
      },
    ]
  }
  for (const [i, { rule, typed }] of ready.entries()) {
    for (const [at, row] of rows.entries()) {
      const found = answer.rows![at]!
      const [value, ok, inline] = [found[`v${i}`], found[`k${i}`], found[`i${i}`]]
      const why = differs(results[i]![at]!, value as string | null, ok === true, typed.type)
      if (why === null && (inline === undefined || inline === value)) continue
      differences.push({ rule, row, why: why ?? `with literals ${String(inline)}`, sql: answer.parts[i]! })
    }
  }
  return differences
}

function differs(got: RuleResult, value: string | null, ok: boolean, type: RuleType): string | null {
  const evaluator = got.ok ? JSON.stringify(got.value) : `fails with ${got.error.code}`
  const postgres = ok ? String(value) : 'fails'
  const why = `evaluator ${evaluator}, Postgres ${postgres}`
  if (hasThrown(got)) return why
  if (!got.ok) return !ok && value === null ? null : why
  if (!ok) return why
  if (got.value === null || value === null) return got.value === value ? null : why
  if (type.t === 'period') return periodText(got.value) === value ? null : why
  return plainText(got.value, type) === plainText(fromSql(value, type), type) ? null : why
}

/** Keys of groups in one order: jsonb keeps none. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, one: Json) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

/** The smallest rule, by taking away and replacing parts, that still differs over one row. */
export async function shrinkDifference(
  client: pg.Client | null,
  found: Difference,
  world: RuleWorld,
): Promise<Difference> {
  let least = found
  const still = async (rule: Json): Promise<Difference | null> =>
    (await compareRules(client, world, [rule])).differences[0] ?? null
  let tries = 300
  for (let changed = true; changed && tries > 0; ) {
    changed = false
    for (const smaller of smallerRules(least.rule)) {
      tries -= 1
      if (tries < 0) break
      const difference = await still(smaller).catch(() => null)
      if (!difference) continue
      least = difference
      changed = true
      break
    }
  }
  return least
}

function* smallerRules(rule: Json): Generator<Json> {
  if (typeof rule !== 'object' || rule === null) return
  if (Array.isArray(rule)) {
    for (let i = 0; i < rule.length; i++) {
      yield [...rule.slice(0, i), ...rule.slice(i + 1)]
      for (const smaller of smallerRules(rule[i]!)) yield rule.map((one, at) => (at === i ? smaller : one))
    }
    return
  }
  const entries = Object.entries(rule)
  if (entries.length !== 1) {
    // A table, the inputs of a call, the key of a lookup.
    for (const [key, value] of entries)
      for (const smaller of smallerRules(value)) yield { ...rule, [key]: smaller }
    return
  }
  const [name, operands] = entries[0]!
  if (name === 'var' || name === 'dec') return
  for (const operand of Array.isArray(operands) ? operands : [operands]) yield operand!
  for (const simple of [0, 1, true, 'a', { var: 'a' }]) yield simple
  for (const smaller of smallerRules(operands!)) yield { [name]: smaller }
}
