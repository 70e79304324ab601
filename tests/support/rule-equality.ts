import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import {
  type ChildRows,
  compileSql,
  inlineSql,
  type SqlResolver,
} from '@channelwright/runtime/logic/compile-sql.ts'
import { type CompiledRule, compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import type { TypedRule } from '@channelwright/runtime/logic/ir.ts'
import { replayTrace } from '@channelwright/runtime/logic/replay.ts'
import { scopeFromFields } from '@channelwright/runtime/logic/scope.ts'
import { traceRule } from '@channelwright/runtime/logic/trace.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'
import type pg from 'pg'
import { caseFields, periodText, rowFields } from '../contract/operator-cases.ts'
import { computeByReference, ReferenceFailure, showNumber } from './rule-reference.ts'

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
}

/** Makes the tables `t` and `t_lines` (temporary) with the rows; field `t` of a row stands in `t_lines`. */
export async function fillTables(client: pg.Client, rows: readonly JsonObject[]): Promise<void> {
  const list = (of: Readonly<Record<string, string>>) =>
    Object.entries(of)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')
  await client.query(`CREATE TEMP TABLE t (id integer PRIMARY KEY, ${list(columns)})`)
  await client.query(
    `CREATE TEMP TABLE t_lines (record_id integer NOT NULL, position integer NOT NULL, ${list(childColumns)}, PRIMARY KEY (record_id, position))`,
  )
  const insert = (table: string, values: readonly unknown[]) =>
    client.query(`INSERT INTO ${table} VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')})`, [...values])
  for (const [id, row] of rows.entries()) {
    const cells = Object.keys(columns).map((name) =>
      name === 'p' ? periodText(row.p ?? null) : name === 'j' ? JSON.stringify(row.j) : (row[name] ?? null),
    )
    await insert('t', [id, ...cells])
    for (const [at, line] of (row.t as JsonObject[]).entries())
      await insert('t_lines', [id, at, ...Object.keys(childColumns).map((name) => line[name] ?? null)])
  }
  await client.query('ANALYZE t, t_lines')
}

const scope = scopeFromFields(Object.entries(caseFields), {
  required: Object.keys(caseFields).filter((key) => !caseFields[key]!.nullable),
})

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
  path === 't' ? { sql: '', rows: childRows } : { sql: `t.${path}`, column: true, integer: type.t === 'int' }

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
  /** Refused by the checker: the codes, each with a rule. */
  readonly refused: ReadonlyMap<string, Json>
  readonly differences: readonly Difference[]
}

interface Ready {
  readonly rule: Json
  readonly typed: TypedRule
  readonly run: CompiledRule
}

/** Errors that a sound rule of the generator can have: only the places of products, and lists too deep. */
const expectedCodes = ['T6', 'T8', 'T10_LIMIT', 'T11']

/**
 * Computes every rule over every row by the evaluator, the independent reference and, up to level L, Postgres, with
 * parameters and with literals; many rules go in one statement. `client` has the tables of `fillTables`.
 */
export async function compareRules(
  client: pg.Client | null,
  rows: readonly JsonObject[],
  rules: readonly Json[],
): Promise<Compared> {
  const refused = new Map<string, Json>()
  const differences: Difference[] = []
  const ready: Ready[] = []
  for (const rule of rules) {
    const { rule: typed, diagnostics } = checkRule(rule, scope, { level: client ? 'L' : 'F' })
    if (typed) ready.push({ rule, typed, run: compileRule(typed) })
    for (const one of typed ? [] : diagnostics.filter((d) => d.severity === 'error'))
      refused.set(one.code, { rule, at: one.path })
  }
  for (const one of ready) {
    for (const row of rows) {
      const why = withReference(one, row)
      if (why !== null) differences.push({ rule: one.rule, row, why, sql: '' })
    }
    const traced = traceRule(one.typed, rows[0])
    if (JSON.stringify(traced.result) !== JSON.stringify(one.run(rows[0])))
      differences.push({ rule: one.rule, row: rows[0]!, why: 'the trace gives another result', sql: '' })
    const [forged] = replayTrace(one.typed, traced).differs
    if (forged)
      differences.push({
        rule: one.rule,
        row: rows[0]!,
        why: `replay at ${forged.p}: ${forged.out} ≠ ${forged.found}`,
        sql: '',
      })
  }
  if (client) {
    for (let i = 0; i < ready.length; i += batch)
      differences.push(...(await withPostgres(client, rows, ready.slice(i, i + batch))))
  }
  return { pairs: ready.length * rows.length, rules: ready.length, refused, differences }
}

/** Rules of one statement. */
const batch = 12

/** Refusals that no sound rule can meet, each with a rule that met it. */
export function unexpectedRefusals(compared: Compared): [code: string, example: Json][] {
  return [...compared.refused].filter(([code]) => !expectedCodes.includes(code))
}

function withReference({ rule, typed, run }: Ready, row: JsonObject): string | null {
  const got = run(row)
  let wanted: Json
  try {
    wanted = computeByReference(rule, row, caseFields)
  } catch (error) {
    if (!(error instanceof ReferenceFailure)) throw error
    return got.ok ? `evaluator ${JSON.stringify(got.value)}, reference fails: ${error.message}` : null
  }
  if (!got.ok) return `evaluator fails with ${got.error.code}, reference ${JSON.stringify(wanted)}`
  const shown = JSON.stringify(plain(got.value, typed.type))
  return shown === JSON.stringify(wanted) ? null : `evaluator ${shown}, reference ${JSON.stringify(wanted)}`
}

/** Numbers as the shortest text that says them. */
function plain(value: Json, type: RuleType): Json {
  if (value === null) return null
  if (type.t === 'int' || type.t === 'dec') return shortest(String(value))
  if (type.t === 'list') return (value as Json[]).map((one) => plain(one, type.of))
  return value
}

function shortest(text: string): string {
  const [whole = '', part = ''] = text.split('.')
  return showNumber({ n: BigInt(whole + part), s: part.length })
}

async function withPostgres(
  client: pg.Client,
  rows: readonly JsonObject[],
  ready: readonly Ready[],
): Promise<Difference[]> {
  const values: unknown[] = []
  const parts = ready.flatMap(({ typed }, i) => {
    const sql = compileSql(typed, resolver, { firstParam: values.length + 1 })
    values.push(...sql.values)
    const shown = (text: string) => (typed.type.t === 'list' ? `to_json(${text})::text` : `(${text})::text`)
    // Literals in place of parameters for one in four: policies and constraints take none.
    const inline = i % 4 === 0 ? `, ${shown(inlineSql(sql))} AS i${i}` : ''
    return [`${shown(sql.text)} AS v${i}, ${sql.ok ?? 'TRUE'} AS k${i}${inline}`]
  })
  const text = `SELECT ${parts.join(',\n')} FROM t ORDER BY id`
  let found: Record<string, string | boolean | null>[]
  try {
    found = (await client.query<Record<string, string | boolean | null>>(text, values)).rows
  } catch (error) {
    if (ready.length > 1) {
      const each: Difference[] = []
      for (const one of ready) each.push(...(await withPostgres(client, rows, [one])))
      return each
    }
    return [{ rule: ready[0]!.rule, row: rows[0]!, why: `Postgres refuses: ${String(error)}`, sql: text }]
  }
  const differences: Difference[] = []
  for (const [i, { rule, typed, run }] of ready.entries()) {
    for (const [at, row] of rows.entries()) {
      const got = run(row)
      const [value, ok, inline] = [found[at]![`v${i}`], found[at]![`k${i}`], found[at]![`i${i}`]]
      const why = differs(got, value as string | null, ok === true, typed.type)
      if (why === null && (inline === undefined || inline === value)) continue
      differences.push({ rule, row, why: why ?? `with literals ${String(inline)}`, sql: parts[i]! })
    }
  }
  return differences
}

function differs(
  got: ReturnType<CompiledRule>,
  value: string | null,
  ok: boolean,
  type: RuleType,
): string | null {
  const evaluator = got.ok ? JSON.stringify(got.value) : `fails with ${got.error.code}`
  const postgres = ok ? String(value) : 'fails'
  const why = `evaluator ${evaluator}, Postgres ${postgres}`
  if (!got.ok) return !ok && value === null ? null : why
  if (!ok) return why
  if (got.value === null || value === null) return got.value === value ? null : why
  const same =
    type.t === 'int' || type.t === 'dec'
      ? shortest(String(got.value)) === shortest(value)
      : type.t === 'period'
        ? periodText(got.value) === value
        : type.t === 'list'
          ? canonical(got.value) === canonical(JSON.parse(value) as Json)
          : String(got.value) === value
  return same ? null : why
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
  rows: readonly JsonObject[],
): Promise<Difference> {
  let least = found
  const still = async (rule: Json): Promise<Difference | null> =>
    (await compareRules(client, rows, [rule])).differences[0] ?? null
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
  const [name, operands] = Object.entries(rule)[0]!
  if (name === 'var' || name === 'dec') return
  for (const operand of Array.isArray(operands) ? operands : [operands]) yield operand!
  for (const simple of [0, 1, true, 'a', { var: 'a' }]) yield simple
  for (const smaller of smallerRules(operands!)) yield { [name]: smaller }
}
