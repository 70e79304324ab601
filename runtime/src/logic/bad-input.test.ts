import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { checkRule } from './check.ts'
import { compileSql, inlineSql } from './compile-sql.ts'
import { compileRule } from './evaluate.ts'
import { operatorNames } from './operators/index.ts'
import { scopeFromFields } from './scope.ts'
import type { RuleType } from './types.ts'

// What a rule gets that is too large, too deep, hostile or impossible: a typed error in bounded time, never a crash.

const row: RuleType = {
  t: 'obj',
  nullable: false,
  fields: new Map<string, RuleType>([['qty', { t: 'int', nullable: false }]]),
}
const fields: readonly (readonly [string, RuleType])[] = [
  ['name', { t: 'str', nullable: false }],
  ['amount', { t: 'dec', nullable: false, scale: 2 }],
  ['numbers', { t: 'list', nullable: false, of: { t: 'int', nullable: false } }],
  ['lines', { t: 'list', nullable: false, of: row }],
]
const scope = scopeFromFields(fields, { required: fields.map(([key]) => key) })
const read = (path: string): Json => ({ var: path })

/** Codes of what the checker says, found within a second. */
function codes(rule: Json): string[] {
  const started = performance.now()
  const { diagnostics, rule: checked } = checkRule(rule, scope)
  expect(performance.now() - started).toBeLessThan(1000)
  expect(checked === null).toBe(diagnostics.some((d) => d.severity === 'error'))
  return diagnostics.map((d) => d.code)
}

/** What the rule ends with over the data, found within two seconds. */
function run(rule: Json, data: unknown): string | Json {
  const { rule: checked, diagnostics } = checkRule(rule, scope)
  expect(diagnostics.map((d) => d.message.en)).toEqual([])
  const started = performance.now()
  const result = compileRule(checked!)(data)
  expect(performance.now() - started).toBeLessThan(2000)
  return result.ok ? result.value : result.error.code
}

const nest = (levels: number, inner: Json): Json =>
  Array.from({ length: levels }).reduce<Json>((rule) => ({ '!': [rule] }), inner)
const counted = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('the checker refuses', () => {
  test('rules of over 64 KiB, over 2,000 nodes, and deeper than 32', () => {
    expect(codes({ cat: ['x'.repeat(70_000)] })).toEqual(['T10_LIMIT'])
    expect(codes({ cat: ['商'.repeat(30_000)] })).toEqual(['T10_LIMIT'])
    expect(codes({ '+': counted(2_100) })).toEqual(['T10_LIMIT'])
    expect(codes({ in: [1, counted(1_000_000)] })).toEqual(['T10_LIMIT'])
    expect(codes(nest(40, true))).toEqual(['T10_LIMIT'])
    expect(codes(nest(20_000, true))).toEqual(['T10_LIMIT'])
    expect(codes(nest(20, true))).toEqual([])
  })

  test('paths into prototypes, whichever way they are written', () => {
    for (const path of [
      '__proto__',
      'constructor.name',
      'name.length',
      'lines.0.__proto__',
      'toString',
      'hasOwnProperty',
    ])
      expect(codes(read(path)), path).toEqual(['T1'])
    for (const path of ['line.constructor', 'line.__proto__.x', 'line.toString'])
      expect(codes({ map: [read('lines'), 'line', read(path)] }), path).toEqual(['T1'])
    expect(codes({ map: [read('lines'), '__proto__', 1] })).toEqual(['T2_LITERAL'])
  })

  test('unknown operators, among them the names that every object has', () => {
    for (const name of [
      'constructor',
      'toString',
      '__proto__',
      'method',
      'log',
      'eval',
      "'; DROP TABLE t; --",
    ])
      expect(
        codes(JSON.parse(JSON.stringify({ x: 1 }).replace('"x"', JSON.stringify(name))) as Json),
        name,
      ).toEqual(['T10'])
  })

  test('objects with no key or two', () => {
    expect(codes({})).toEqual(['T10_SHAPE'])
    expect(codes({ '+': [1, 2], '-': [1, 2] })).toEqual(['T10_SHAPE'])
    expect(codes({ and: [true, { '!': [true], '!!': [true] }] })).toEqual(['T10_SHAPE'])
  })

  test('what is not JSON, and numbers that are none', () => {
    for (const value of [
      undefined,
      () => 1,
      Symbol('x'),
      10n,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '\0',
      '\ud800',
    ])
      expect(codes({ '==': [value as Json, 1] }).length).toBeGreaterThan(0)
  })

  test('lists inside lists inside lists', () => {
    const inner: Json = { any: [read('numbers'), 'c', true] }
    const middle: Json = { any: [read('numbers'), 'b', inner] }
    expect(codes(middle)).toEqual([])
    expect(codes({ any: [read('numbers'), 'a', middle] })).toEqual(['T11'])
  })

  test('any JSON under any operator, without ever throwing', () => {
    const odd: readonly Json[] = [
      null,
      true,
      0,
      -1,
      1e300,
      '',
      'x',
      [],
      [[]],
      [null],
      {},
      { var: [] },
      { var: {} },
      { dec: 1 },
      { dec: 'NaN' },
    ]
    for (const name of operatorNames) {
      for (const one of odd) {
        codes({ [name]: one })
        codes({ [name]: [one, read('amount')] })
        codes({ [name]: [read('lines'), 'line', one] })
        codes({ [name]: [read('lines'), 'line', one, one, one, one] })
      }
    }
  })
})

describe('a rule that runs ends with', () => {
  const numbers = (n: number) => ({ numbers: counted(n) })

  test('E_INPUT for lists of over 10,000 entries', () => {
    expect(run({ sum: [read('numbers')] }, numbers(10_000))).toBe(49_995_000)
    expect(run({ sum: [read('numbers')] }, numbers(10_001))).toBe('E_INPUT')
    expect(run({ sum: [read('numbers')] }, numbers(1_000_000))).toBe('E_INPUT')
  })

  test('E_LIMIT for texts and lists that double at every turn', () => {
    const doubled = (name: string, initial: Json): Json => ({
      reduce: [read('numbers'), { [name]: [read('accumulator'), read('accumulator')] }, initial],
    })
    expect(run(doubled('cat', 'xx'), numbers(60))).toBe('E_LIMIT')
    expect(run(doubled('merge', [1, 2]), numbers(60))).toBe('E_LIMIT')
  })

  test('E_LIMIT for more than 200,000 turns', () => {
    const rule: Json = {
      count: [read('numbers'), 'a', { any: [read('numbers'), 'b', { '>': [read('b'), 99_999] }] }],
    }
    expect(run(rule, numbers(10_000))).toBe('E_LIMIT')
    expect(run(rule, numbers(400))).toBe(0)
  })

  test('E_DIVISION and E_RANGE, never NaN or Infinity', () => {
    for (const name of ['/', 'mod', '%'])
      expect(
        run({ [name]: [read('amount'), { '-': [read('amount'), read('amount')] }] }, { amount: '1.00' }),
      ).toBe('E_DIVISION')
    const large = { amount: '99999999999999999999.00' }
    expect(run({ '+': [read('amount'), read('amount')] }, large)).toBe('E_RANGE')
    expect(run({ '*': [read('amount'), read('amount')] }, large)).toBe('E_RANGE')
    const squares: Json = {
      reduce: [
        read('numbers'),
        { round: [{ '*': [read('accumulator'), read('accumulator')] }, 2, 'half_up'] },
        9.5,
      ],
    }
    expect(run(squares, numbers(10_000))).toBe('E_RANGE')
  })

  test('E_INPUT for data that is not what the rule was checked against', () => {
    const odd = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e21,
      '1e5',
      '0x10',
      ' 1',
      '',
      'NaN',
      {},
      [],
      true,
      null,
      undefined,
      0.001,
      () => 1,
    ]
    for (const amount of odd)
      expect(run({ '>': [read('amount'), 1] }, { amount }), String(amount)).toBe('E_INPUT')
    for (const lines of ['x', {}, 5, [5], [null], [{ qty: 'x' }], [{}]])
      expect(run({ sum: [read('lines'), 'line', read('line.qty')] }, { lines })).toBe('E_INPUT')
    for (const data of [null, undefined, 5, 'x', []]) expect(run(read('name'), data)).toBe('E_INPUT')
  })
})

test('nothing of a rule gets into SQL but bound values and columns', () => {
  const hostile = `'); DROP TABLE t; -- "$1" \\' $$`
  const rules: Json[] = [
    { '==': [read('name'), hostile] },
    { in: [read('name'), [hostile, 'x']] },
    { cat: [hostile, read('name')] },
    { any: [read('numbers'), 'n', { '==': [{ cat: [read('n')] }, hostile] }] },
    { missing: ['name', hostile] },
  ]
  for (const rule of rules) {
    const { rule: checked } = checkRule(rule, scope, { level: 'L' })
    const sql = compileSql(checked!, (path) => ({ sql: `t.${path}`, column: true }))
    expect(sql.text).not.toContain('DROP')
    expect(JSON.stringify(sql.values)).toContain('DROP')
    // As literals: every quote doubled, every backslash too.
    expect(inlineSql(sql)).toContain(`''); DROP TABLE t; -- "$1" \\\\'' $$`)
  }
})
