import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { compileSql, inlineSql } from '@channelwright/runtime/logic/compile-sql.ts'
import { decimalFromNumber, equalDecimals, parseDecimal } from '@channelwright/runtime/logic/decimal.ts'
import { compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { explainTrace } from '@channelwright/runtime/logic/explain.ts'
import { lookupPort } from '@channelwright/runtime/logic/lookup-port.ts'
import { nameFunctions } from '@channelwright/runtime/logic/names/functions-sql.ts'
import { operators } from '@channelwright/runtime/logic/operators/index.ts'
import { traceRule } from '@channelwright/runtime/logic/trace.ts'
import jsonLogic from 'json-logic-js'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { caseLookup } from './case-library.ts'
import { bindData, caseDefaults, caseScope, operatorFiles, readOperatorCases } from './operator-cases.ts'

let client: pg.Client
beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('postgres').url })
  await client.connect()
  await client.query(nameFunctions('pg_temp'))
})
afterAll(() => client.end())

const scope = caseScope()
const files = operatorFiles()

/** Equal values: exact decimals by value, everything else as JSON. */
function isSame(got: unknown, wanted: Json): boolean {
  const number = (value: unknown) =>
    typeof value === 'number'
      ? decimalFromNumber(value)
      : typeof value === 'string'
        ? parseDecimal(value)
        : null
  const [x, y] = [number(got), number(wanted)]
  if (x && y) return equalDecimals(x, y)
  if (Array.isArray(got) && Array.isArray(wanted)) {
    return got.length === wanted.length && got.every((entry, i) => isSame(entry, wanted[i]!))
  }
  return JSON.stringify(inOrder(got)) === JSON.stringify(inOrder(wanted))
}

/** Postgres has an order of its own for the keys of an object. */
function inOrder(value: unknown): unknown {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
}

test('every operator of the list has a file of its own, cases, and words in both languages', () => {
  expect(files).toHaveLength(operators.length)
  for (const operator of operators) {
    for (const text of [operator.title, operator.describe]) {
      expect(text.en).not.toBe('')
      expect(text.zh).toMatch(/\p{Script=Han}/u)
    }
    if (operator.level !== 'F' && operator.name !== 'var')
      expect(operator.sql, operator.name).toBeTypeOf('function')
    if (operator.lazy) expect(operator.skipped, operator.name).toBeDefined()
  }
  for (const file of files) expect(readOperatorCases(file)?.cases.length ?? 0, file).toBeGreaterThan(2)
})

describe.each(files)('%s', (file) => {
  const { cases, standard } = readOperatorCases(file) ?? { cases: [], standard: false }
  test.each(cases.map((one) => [JSON.stringify(one[0]), ...one] as const))(
    '%s',
    async (_title, rule, given, expected) => {
      const data: JsonObject = { ...caseDefaults, ...given }
      const checked = checkRule(rule, scope)
      if (isJsonObject(expected) && typeof expected.refused === 'string') {
        expect(checked.rule).toBeNull()
        expect(checked.diagnostics.map((d) => d.code)).toContain(expected.refused)
        for (const { message, hint } of checked.diagnostics) {
          for (const text of [message.en, message.zh, hint.en, hint.zh])
            expect(text).not.toMatch(/\{\w+\}(?!.*:)/)
        }
        return
      }
      expect(checked.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
      const typed = checked.rule!
      const context = { ...data, [lookupPort]: caseLookup }
      const result = compileRule(typed)(data, context)
      const error = isJsonObject(expected) && typeof expected.error === 'string' ? expected.error : null
      if (error) expect(result).toMatchObject({ ok: false, error: { code: error } })
      else expect(result.ok && isSame(result.value, expected), JSON.stringify(result)).toBe(true)

      const trace = traceRule(typed, data, context)
      expect(trace.result).toEqual(result)
      for (const locale of ['en', 'zh'] as const)
        expect(explainTrace(trace, locale).join('\n')).not.toMatch(/[{}]|undefined/)

      if (!typesOf(typed.root).has('F'))
        await compareSql(typed, data, error ? null : expected, error !== null)
      if (standard && !error) {
        // A default counts for empty values in PL-1, for absent ones only in json-logic-js.
        const filled = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null))
        const reference: unknown = jsonLogic.apply(rule as Parameters<typeof jsonLogic.apply>[0], filled)
        expect(
          isSame(result.ok ? result.value : undefined, roundFloat(reference)),
          `json-logic-js: ${String(reference)}`,
        ).toBe(true)
      }
    },
  )
})

/** Levels of the operators that a rule uses. */
function typesOf(node: NonNullable<ReturnType<typeof checkRule>['rule']>['root']): Set<string> {
  const found = new Set<string>()
  const stack = [node]
  for (let one = stack.pop(); one; one = stack.pop()) {
    if (one.kind === 'call') {
      found.add(one.operator.level)
      stack.push(...one.args)
    } else if (one.kind === 'list') stack.push(...one.items)
  }
  return found
}

async function compareSql(
  typed: NonNullable<ReturnType<typeof checkRule>['rule']>,
  data: JsonObject,
  expected: Json,
  fails: boolean,
): Promise<void> {
  const sql = compileSql(typed, bindData(data), { schema: 'pg_temp' })
  const casts: Partial<Record<string, string>> = { period: '::text', date: '::text', list: '::text[]' }
  const structured = typed.type.t === 'list' && ['obj', 'list', 'period'].includes(typed.type.of.t)
  const cast = structured ? '' : (casts[typed.type.t] ?? '')
  const { rows } = await client.query<{ value: unknown; inline: unknown; ok: boolean }>({
    text: `SELECT (${sql.text})${cast} AS value, (${inlineSql(sql)})${cast} AS inline, ${sql.ok ?? 'TRUE'} AS ok`,
    values: [...sql.values],
  })
  const row = rows[0]!
  expect(row.ok, sql.text).toBe(!fails)
  const wanted =
    typed.type.t === 'period' && isJsonObject(expected)
      ? `[${String(expected.from)},${String(expected.to ?? '')})`
      : expected
  const shown = row.value instanceof Date ? row.value.toISOString() : row.value
  expect(isSame(shown, wanted), `${sql.text} ${JSON.stringify(sql.values)} gave ${String(shown)}`).toBe(true)
  expect(String(row.inline)).toBe(String(row.value))
}

/** json-logic-js computes in floats: 0.30000000000000004 means 0.3. */
function roundFloat(value: unknown): Json {
  return typeof value === 'number' ? Number(value.toPrecision(10)) : ((value ?? null) as Json)
}
