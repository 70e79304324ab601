import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { checkRule } from './check.ts'
import { evalLine } from './eval-line.ts'
import { compileRule } from './evaluate.ts'
import { operators } from './operators/index.ts'
import { scopeFromFields } from './scope.ts'
import { traceRule } from './trace.ts'

const scope = scopeFromFields(
  [
    ['amount', { t: 'dec', nullable: false, scale: 2, min: '0.01', max: '9999999999999999.99' }],
    ['tier', { t: 'str', nullable: false, enum: ['silver', 'gold'] }],
    ['budget', { t: 'dec', nullable: false, scale: 2 }],
    ['partner', { t: 'ref', nullable: false, object: 'partner' }],
  ],
  {
    object: 'deal',
    party: 'partner',
    required: ['amount', 'tier', 'partner'],
    objects: (key) => (key === 'partner' ? new Map([['name', { t: 'str', nullable: true }]]) : undefined),
  },
)
const amount: Json = { var: 'amount' }
const check = (rule: Json, expect?: Parameters<typeof checkRule>[2]) => checkRule(rule, scope, expect)
const first = (rule: Json, options?: Parameters<typeof checkRule>[2]) => check(rule, options).diagnostics[0]

/** A rule of so many operations inside each other. */
function nested(depth: number): Json {
  let rule: Json = true
  for (let i = 0; i < depth; i++) rule = { '!': [rule] }
  return rule
}

describe('the checker', () => {
  test('names the nearest field, operator and choice, and offers the edit', () => {
    expect(first({ '>=': [{ var: 'ammount' }, 1] })).toMatchObject({
      code: 'T1',
      path: '/>=/0',
      fix: { path: '/>=/0/var', value: 'amount' },
    })
    expect(first({ startWith: ['a', 'b'] })).toMatchObject({
      code: 'T10',
      fix: { value: { startsWith: ['a', 'b'] } },
    })
    expect(first({ '==': [{ var: 'tier' }, 'glod'] })).toMatchObject({
      code: 'T7',
      fix: { path: '/==/1', value: 'gold' },
    })
    expect(first({ '==': [{ var: 'partner.nam' }, 'x'] })).toMatchObject({
      code: 'T1',
      fix: { value: 'partner.name' },
    })
  })

  test('asks what counts when a value is empty, with an edit that then holds', () => {
    const found = first({ '>': [{ var: 'budget' }, 5] })
    expect(found).toMatchObject({
      code: 'T3',
      fix: { path: '/>/0', value: { '??': [{ var: 'budget' }, 0] } },
    })
    expect(check({ '>': [found!.fix!.value, 5] }).diagnostics).toEqual([])
  })

  test('asks for rounding where a field keeps fewer places', () => {
    const expect2 = { expect: { t: 'dec', nullable: false, scale: 2 } } as const
    const found = first({ '*': [amount, 0.03] }, expect2)
    expect(found).toMatchObject({ code: 'T6', path: '' })
    const fixed = check(found!.fix!.value, expect2)
    expect(compileRule(fixed.rule!)({ amount: '100.50' })).toEqual({ ok: true, value: '3.02' })
  })

  test('warns when the limits of a field decide a comparison', () => {
    expect(first({ '>': [amount, 0] })).toMatchObject({ code: 'T8', severity: 'warning' })
    expect(check({ '>': [amount, 0] }).rule).not.toBeNull()
    expect(first({ '<': [amount, 0.01] })).toMatchObject({ code: 'T8' })
    expect(first({ '>': [amount, 0.01] })).toBeUndefined()
  })

  test('holds rules for the database to what the database can do', () => {
    expect(first({ '==': [{ company_key: ['x'] }, 'x'] }, { level: 'C' })).toMatchObject({ code: 'T9' })
    expect(first({ '>': [{ '*': [amount, 2] }, 1] }, { level: 'C' })).toMatchObject({ code: 'T9' })
  })

  test('puts the place of the rule before every path', () => {
    expect(first({ and: [true, { '==': [{ var: 'nil' }, 1] }] }, { path: '/checks/0/rule' })?.path).toBe(
      '/checks/0/rule/and/1/==/0',
    )
  })

  test('tells what a rule reads, once each', () => {
    const { reads } = check({
      and: [
        { '>': [amount, 1] },
        { '<': [amount, 9] },
        { in: [{ var: 'partner' }, { var: '$user.partners' }] },
      ],
    })
    expect(reads).toEqual(['amount', 'partner', '$user.partners'])
  })
})

describe('hostile rules', () => {
  test('past the limits are refused before they are looked at', () => {
    const hostile: [Json, string][] = [
      [nested(33), 'T10_LIMIT'],
      [{ and: Array.from({ length: 2_000 }, () => true) }, 'T10_LIMIT'],
      [{ '==': ['x'.repeat(65_530), ''] }, 'T10_LIMIT'],
      [{ '==': [1, 1], '!=': [1, 1] }, 'T10_SHAPE'],
      [{}, 'T10_SHAPE'],
      [nested(100_000), 'T10_LIMIT'],
    ]
    for (const [rule, code] of hostile) expect(first(rule)?.code).toBe(code)
    expect(check(nested(30)).rule).not.toBeNull()
  })

  test('find nothing on the prototype chain', () => {
    for (const path of [
      'constructor',
      '__proto__',
      'toString',
      'tier.constructor',
      'partner.__proto__',
      'hasOwnProperty',
    ]) {
      expect(first({ var: path })?.code).toBe('T1')
    }
    for (const name of ['constructor', 'toString', '__proto__', 'method', 'log']) {
      expect(first(JSON.parse(`{"${name}":[1]}`) as Json)?.code).toBe('T10')
    }
  })

  test('with characters that no column holds are refused', () => {
    for (const text of ['a\0b', '\ud800', '\udc00x'])
      expect(first({ '==': [{ var: 'tier' }, text] })?.code).toBe('T2_LITERAL')
  })

  test('get typed errors for data that is not of its type', () => {
    const run = compileRule(check({ '>': [amount, 5] }).rule!)
    for (const bad of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '1e5',
      '1,5',
      ' 1',
      '',
      '1.005',
      {},
      [],
      true,
      null,
      '9'.repeat(40),
    ]) {
      expect(run({ amount: bad })).toMatchObject({ ok: false, error: { code: 'E_INPUT', path: '/>/0' } })
    }
    expect(run(null)).toMatchObject({ ok: false })
    expect(run({ amount: '5.010' })).toEqual({ ok: true, value: true })
  })

  test('cannot pass 10^20', () => {
    const unbounded = scopeFromFields([['x', { t: 'dec', nullable: false, scale: 2 }]], { required: ['x'] })
    const square = compileRule(checkRule({ '*': [{ var: 'x' }, { var: 'x' }] }, unbounded).rule!)
    expect(square({ x: '9999999999.99' })).toEqual({ ok: true, value: '99999999999800000000.0001' })
    expect(square({ x: '10000000000.00' })).toMatchObject({ ok: false, error: { code: 'E_RANGE' } })
  })
})

describe('evaluation', () => {
  test('sees a record as it is, whatever its prototype', () => {
    const odd = scopeFromFields([['valueOf', { t: 'str', nullable: true }]])
    const run = compileRule(checkRule({ exists: [{ var: 'valueOf' }] }, odd).rule!)
    expect(run({})).toEqual({ ok: true, value: false })
    expect(run({ valueOf: 'x' })).toEqual({ ok: true, value: true })
  })

  test('keeps amounts of 18 digits and never shows a float', () => {
    const run = compileRule(check({ '+': [amount, { dec: '0.01' }] }).rule!)
    expect(run({ amount: '9007199254740993.01' })).toEqual({ ok: true, value: '9007199254740993.02' })
    expect(evalLine('{"rule":{"+":[0.1,0.2]},"data":{}}')).toBe('{"result":0.3}')
  })

  test('tells a step for every node, and the same value', () => {
    const { rule } = check({ if: [{ '>': [amount, 10] }, { round: [{ '*': [amount, 0.03] }, 2] }, 0] })
    const trace = traceRule(rule!, { amount: '100.50' })
    expect(trace.result).toEqual(compileRule(rule!)({ amount: '100.50' }))
    expect(trace.root).toMatchObject({
      op: 'if',
      out: '3.02',
      in: [
        { p: '/if/0', out: 'true' },
        { p: '/if/1', op: 'round', with: { scale: 2, mode: 'half_up' }, in: [{ op: '*', out: '3.0150' }] },
        { p: '/if/2', skipped: true },
      ],
    })
  })
})

test('a line that is not JSON is answered, not thrown', () => {
  expect(JSON.parse(evalLine('{'))).toMatchObject({ error: { code: 'E_LINE' } })
  expect(JSON.parse(evalLine('[]'))).toMatchObject({ error: { code: 'E_LINE' } })
  expect(JSON.parse(evalLine('{"rule":{"/":[1,{"var":"n"}]},"data":{"n":0}}'))).toMatchObject({
    error: { code: 'E_DIVISION', path: '' },
  })
  expect(JSON.parse(evalLine('{"rule":{"nope":[]}}', { locale: 'zh' }))).toMatchObject({
    error: { code: 'T10' },
  })
})

test('no two operators share a spelling', () => {
  const names = operators.flatMap((o) => [o.name, ...(o.aliases ?? [])])
  expect(new Set(names).size).toBe(names.length)
})
