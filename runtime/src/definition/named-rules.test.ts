import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { compileSql } from '../logic/compile-sql.ts'
import { compileRule } from '../logic/evaluate.ts'
import { explainTrace } from '../logic/explain.ts'
import { traceRule } from '../logic/trace.ts'
import { buildRelease } from './build-release.ts'
import { calledBy } from './called-by.ts'
import { constraintScope, flowScope, recordScope } from './scopes.ts'

const words = (en: string, zh: string) => ({ en, zh })
const field = (type: string, id: string, more: JsonObject = {}) => ({
  'x-field': type,
  'x-id': id,
  title: id,
  'x-title': { zh: id },
  ...more,
})
const money = field('money', 'f_amount', {
  type: 'string',
  format: 'decimal',
  'x-scale': 2,
  'x-currency': 'CNY',
})
const reference = field('reference', 'f_dealer', { type: 'string', format: 'uuid', 'x-object': 'dealer' })
const amount = { type: 'string', format: 'decimal', 'x-scale': 2, title: 'Amount', 'x-title': { zh: '金额' } }
const rate = { type: 'string', format: 'decimal', 'x-scale': 4 }
const object = (
  key: string,
  properties: JsonObject,
  required: string[],
  more: JsonObject = {},
): JsonObject => ({
  kind: 'object/1',
  key,
  'x-id': `o_${key}`,
  title: words(key, key),
  display: Object.keys(properties)[0]!,
  schema: { type: 'object', additionalProperties: false, properties, required },
  ...more,
})
const rule = (key: string, inputs: JsonObject, result: Json, body: JsonObject): JsonObject => ({
  kind: 'rule/1',
  key,
  'x-id': `r_${key}`,
  title: words(`Rule ${key}`, `规则${key}`),
  inputs: { type: 'object', properties: inputs, required: Object.keys(inputs) },
  ...(result === null ? {} : { result }),
  ...body,
})
const level = field('choice', 'f_level', {
  type: 'string',
  oneOf: ['gold', 'silver'].map((one) => ({ const: one, title: one, 'x-title': { zh: one } })),
})
const row = (id: string, order: string, when: string[], value: string) => {
  const given = { 'x-id': id, 'x-order': order, when }
  return { ...given, ['then' as string]: [value] }
}
const rateTable = {
  inputs: [
    { 'x-id': 'i1', e: { var: 'dealer.level' } },
    { 'x-id': 'i2', e: { var: 'amount' } },
  ],
  outputs: [{ 'x-id': 'u1', name: 'rate', type: 'dec(4)' }],
  hit: 'unique',
  rows: [
    row('b', 'a1', ['gold', '< 1000'], '4%'),
    row('a', 'a0', ['gold', '>= 1000'], '0.05'),
    row('c', 'a2', ['silver', ''], '0.01'),
  ],
  default: ['0'],
} as unknown as JsonObject
const good: readonly JsonObject[] = [
  { kind: 'pack/1', key: 'p', 'x-id': 'p', title: words('P', 'P'), version: '1.0.0', locales: ['en', 'zh'] },
  object('dealer', { name: field('text', 'f_name', { type: 'string' }), level }, ['name', 'level'], {
    unique: [{ 'x-id': 'u', fields: ['name'], message: words('Once.', '不得重复。') }],
  }),
  object('sale', { name: field('text', 'f_name', { type: 'string' }), dealer: reference, amount: money }, [
    'name',
    'dealer',
    'amount',
  ]),
  rule('rate', { dealer: reference, amount }, rate, { table: rateTable }),
  rule('commission', { dealer: reference, amount }, amount, {
    rule: {
      round: [
        {
          '*': [
            { var: 'amount' },
            { rule: ['rate', { dealer: { var: 'dealer' }, amount: { var: 'amount' } }] },
          ],
        },
        2,
      ],
    },
  }),
]

const folders: Readonly<Record<string, string>> = { object: 'objects', rule: 'rules', form: 'forms' }

function build(definitions: readonly JsonObject[]) {
  return buildRelease(
    definitions.map((one) => {
      const kind = String(one.kind).split('/')[0]!
      const path = kind === 'pack' ? 'pack.json' : `${folders[kind]}/${String(one.key)}.json`
      return { pack: 'p', path, text: JSON.stringify(one) }
    }),
  )
}

const codesOf = (definitions: readonly JsonObject[]) =>
  build(definitions).diagnostics.map(({ file, path, code }) => `${file}${path} ${code}`)

const call = { rule: ['commission', { dealer: { var: 'dealer' }, amount: { '*': [{ var: 'amount' }, 2] } }] }
const sale = { amount: '600.00', dealer: { id: '0', level: 'gold' } }

describe('named rules', () => {
  const { release, diagnostics } = build(good)
  const set = release!

  test('are checked, called through references, and read what they were given', () => {
    expect(diagnostics).toEqual([])
    const { rule: typed, type, reads } = checkRule(call, recordScope(set, 'sale'), { level: 'V' })
    expect(type).toMatchObject({ t: 'dec', scale: 2, nullable: false })
    expect(reads).toEqual(
      ['dealer', 'amount', 'dealer.level'].sort((a, b) => reads.indexOf(a) - reads.indexOf(b)),
    )
    expect(compileRule(typed!)(sale)).toEqual({ ok: true, value: '60.00' })
  })

  test('a path keeps its column in SQL, an expression is worked out once', () => {
    const plain = { rule: ['rate', { dealer: { var: 'dealer' }, amount: { var: 'amount' } }] }
    const scope = recordScope(set, 'sale')
    const resolve = (path: string) => ({ sql: `t.${path.replace('.', '_')}`, column: true })
    expect(compileSql(checkRule(plain, scope).rule!, resolve).text).toMatch(
      /^\(CASE WHEN \(t\.dealer_level = /,
    )
    const text = compileSql(checkRule(call, scope).rule!, resolve).text
    expect(text.match(/t\.amount/g)).toHaveLength(1)
  })

  test('the trace tells the called rule with its own steps, the row that decided and why others did not', () => {
    const typed = checkRule(call, recordScope(set, 'sale')).rule!
    const trace = traceRule(typed, sale)
    const zh = explainTrace(trace, 'zh').join('\n')
    expect(zh).toMatch(/第 1 行命中,得 0\.0500;第 2 行不符:amount < 1000;第 3 行不符:dealer\.level silver/)
    expect(zh).toMatch(/规则“规则commission”/)
    expect(explainTrace(trace, 'en').join('\n')).toMatch(
      /row 1 matches, so 0\.0500; row 2 does not: amount < 1000/,
    )
    expect(trace.root.in?.at(-1)?.p).toBe('#commission/rule')
  })

  test('forms and computed fields take along what they call', () => {
    expect(calledBy([call], set).rules.map(({ key }) => key)).toEqual(['commission', 'rate'])
  })

  test('records and flows look into others, conditions of constraints and gates do not', () => {
    const look = { lookup: ['dealer', { name: { var: 'name' } }, 'level'] }
    expect(checkRule(look, recordScope(set, 'sale')).diagnostics).toEqual([])
    expect(checkRule(look, flowScope(set, 'sale')).diagnostics).toEqual([])
    const [refused] = checkRule(look, constraintScope(set, 'sale')).diagnostics
    expect(refused?.code).toBe('T17')
    expect(refused?.message.en).toContain('its own record only')
  })

  test('what a constraint or a plan calls reads neither the reader nor the clock', () => {
    const late = rule(
      'late',
      { amount },
      { type: 'boolean' },
      { rule: { '>': [{ var: '$today' }, '2026-01-01'] } },
    )
    const { release } = build([...good, late])
    const called = { rule: ['late', { amount: { var: 'amount' } }] }
    expect(checkRule(called, recordScope(release!, 'sale')).diagnostics).toEqual([])
    expect(checkRule(called, constraintScope(release!, 'sale')).diagnostics).toMatchObject([
      { code: 'T14_BODY', message: { en: expect.stringContaining('$today') } },
    ])
  })
})

describe('mistakes in named rules are told at their place', () => {
  const edited = (key: string, change: (one: JsonObject) => JsonObject) =>
    good.map((one) => (one.key === key ? change(one) : one))

  test('rules that call each other, with the chain', () => {
    const { diagnostics } = build(
      edited('rate', (one) => {
        const { table: _, ...rest } = one
        return {
          ...rest,
          rule: { rule: ['commission', { dealer: { var: 'dealer' }, amount: { var: 'amount' } }] },
        }
      }),
    )
    const cycle = diagnostics.find(({ code }) => code === 'T14_CYCLE')
    expect(cycle?.message.en).toMatch(/rate → commission → rate|commission → rate → commission/)
  })

  test.each<[string, (one: JsonObject) => JsonObject, string]>([
    ['a rule that is not there', (one) => ({ ...one, rule: { rule: ['rates', {}] } }), '/rule T14'],
    ['a missing input', (one) => ({ ...one, rule: { rule: ['rate', {}] } }), '/rule/rule/1 T14_INPUT'],
    [
      'an input of another type',
      (one) => ({ ...one, rule: { rule: ['rate', { dealer: { var: 'dealer' }, amount: 'x' }] } }),
      '/rule/rule/1/amount T2_RESULT',
    ],
    ['a result of another type', (one) => ({ ...one, rule: 'text' }), '/rule T2_RESULT'],
    ['no body', ({ rule: _, ...one }) => one, ' RULE_BODY'],
    ['two bodies', (one) => ({ ...one, table: rateTable }), ' RULE_BODY'],
    [
      'an input of no type',
      (one) => ({ ...one, inputs: { type: 'object', properties: { dealer: {} } } }),
      '/inputs/properties/dealer RULE_INPUT_BAD',
    ],
  ])('%s', (_, change, told) => {
    expect(codesOf(edited('commission', change))).toContain(`p/rules/commission.json${told}`)
  })

  test('a cell that is no choice, at its cell', () => {
    const table = structuredClone(rateTable) as unknown as { rows: { when: string[] }[] }
    table.rows[2]!.when[0] = 'silvr'
    const codes = codesOf(edited('rate', (one) => ({ ...one, table: table as unknown as Json })))
    expect(codes).toContain('p/rules/rate.json/table/rows/2/when/0 T7')
  })

  test('a table of 500 rows is read in one go', () => {
    const rows = Array.from({ length: 500 }, (_, i) =>
      row(`row${i}`, `a${String(i).padStart(3, '0')}`, ['', `[${i}..${i + 1})`], `${i % 10}%`),
    )
    const started = performance.now()
    const { release, diagnostics } = build(
      edited('rate', (one) => ({ ...one, table: { ...rateTable, rows } as Json })),
    )
    expect(diagnostics).toEqual([])
    const typed = checkRule(
      { rule: ['rate', { dealer: { var: 'dealer' }, amount: { var: 'amount' } }] },
      recordScope(release!, 'sale'),
    )
    expect(typed.rule && compileRule(typed.rule)({ ...sale, amount: '437.50' })).toEqual({
      ok: true,
      value: '0.0700',
    })
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
