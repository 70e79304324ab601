import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { checkRule } from './check.ts'
import { explainTrace } from './explain.ts'
import { replayTrace } from './replay.ts'
import { scopeFromFields } from './scope.ts'
import { type RuleTrace, traceRule } from './trace.ts'
import type { RuleType } from './types.ts'

const row: RuleType = {
  t: 'obj',
  nullable: false,
  fields: new Map<string, RuleType>([
    ['qty', { t: 'int', nullable: false }],
    ['price', { t: 'dec', nullable: false, scale: 2 }],
  ]),
}
const scope = scopeFromFields(
  [
    ['lines', { t: 'list', nullable: false, of: row }],
    ['rate', { t: 'dec', nullable: false, scale: 4 }],
  ],
  { required: ['rate'] },
)
const read = (path: string): Json => ({ var: path })
const total: Json = {
  round: [
    {
      '*': [{ sum: [read('lines'), 'line', { '*': [read('line.qty'), read('line.price')] }] }, read('rate')],
    },
    2,
    'half_up',
  ],
}
const lines = (count: number) => Array.from({ length: count }, (_, i) => ({ qty: i + 1, price: '2.50' }))

function trace(rule: Json, data: unknown): [NonNullable<ReturnType<typeof checkRule>['rule']>, RuleTrace] {
  const { rule: typed } = checkRule(rule, scope)
  return [typed!, traceRule(typed!, data)]
}

describe('the trace of an operator over a list', () => {
  test('tells each entry, in words too', () => {
    const [, told] = trace(total, { lines: lines(2), rate: '0.1000' })
    expect(told.root.in?.[0]?.in?.[0]?.each).toMatchObject([
      { at: 0, in: [{ op: '*', out: '2.50' }] },
      { at: 1, in: [{ op: '*', out: '5.00' }] },
    ])
    expect(explainTrace(told, 'zh')).toEqual([
      '第 1 条:line.qty (1) × line.price (2.50) = 2.50',
      '第 2 条:line.qty (2) × line.price (2.50) = 5.00',
      '2 条之和 = 7.50',
      '7.50 × rate (0.1000) = 0.750000',
      '0.750000 舍入到 2 位小数(四舍五入)= 0.75',
    ])
  })

  test('shows 20 entries and says how many more there were', () => {
    const [, told] = trace(total, { lines: lines(37), rate: '1.0000' })
    const sum = told.root.in?.[0]?.in?.[0]
    expect(sum?.each).toHaveLength(20)
    expect(sum?.turns).toBe(37)
    expect(sum?.in?.[0]).toMatchObject({ var: 'lines', n: 37 })
    expect(explainTrace(told, 'en')).toContain('… and 17 more')
  })

  test('shows the entry that failed, whichever it was', () => {
    const rule: Json = { sum: [read('lines'), 'line', { '/': [read('line.price'), read('line.qty')] }] }
    const [, told] = trace(rule, { lines: [...lines(30), { qty: 0, price: '1.00' }], rate: '1' })
    expect(told.root.failed).toBe(true)
    expect(told.root.each).toHaveLength(21)
    expect(told.root.each?.at(-1)).toMatchObject({ at: 30, in: [{ op: '/', failed: true }] })
  })

  test('stops with the entry that decides', () => {
    const [, told] = trace(
      { any: [read('lines'), 'line', { '==': [read('line.qty'), 2] }] },
      { lines: lines(9) },
    )
    expect(told.root.turns).toBe(2)
    expect(told.root.in?.[0]?.n).toBe(9)
  })
})

describe('replaying a trace', () => {
  test('gives every value again without the data', () => {
    const [typed, told] = trace(total, { lines: lines(4), rate: '0.0335' })
    const stored = JSON.parse(JSON.stringify(told)) as RuleTrace
    expect(replayTrace(typed, stored)).toMatchObject({ checked: 7, beyond: 0, differs: [] })
  })

  test('finds a value that was changed', () => {
    const [typed, told] = trace(total, { lines: lines(4), rate: '0.0335' })
    const forged = JSON.parse(JSON.stringify(told).replace('"25.00"', '"26.00"')) as RuleTrace
    expect(replayTrace(typed, forged).differs.map((one) => one.p)).toEqual(['/round/0/*/0', '/round/0'])
  })

  test('says what lies beyond the entries that a trace shows', () => {
    const [typed, told] = trace(total, { lines: lines(40), rate: '0.0335' })
    expect(replayTrace(typed, told)).toMatchObject({ checked: 22, beyond: 1, differs: [] })
  })
})
