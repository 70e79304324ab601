import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { type CheckOptions, checkRule } from './check.ts'
import { applyFix } from './fixes.ts'
import { valueAt } from './pointer.ts'
import { scopeFromFields } from './scope.ts'

const scope = scopeFromFields(
  [
    ['n', { t: 'int', nullable: false, min: '0', max: '100' }],
    ['m', { t: 'int', nullable: true }],
    ['a', { t: 'dec', nullable: false, scale: 2 }],
    ['s', { t: 'str', nullable: false }],
    ['u', { t: 'str', nullable: true }],
    ['e', { t: 'str', nullable: false, enum: ['open', 'won'] }],
    ['d', { t: 'date', nullable: false }],
    ['x', { t: 'date', nullable: true }],
    ['o', { t: 'bool', nullable: true }],
    ['l', { t: 'list', nullable: false, of: { t: 'str', nullable: false } }],
    ['k', { t: 'list', nullable: true, of: { t: 'int', nullable: false } }],
    ['p', { t: 'ref', nullable: true, object: 'partner' }],
  ],
  { required: ['n', 'a', 's', 'e', 'd', 'l'] },
)
const v = (name: string): Json => ({ var: name })
const money: CheckOptions = { expect: { t: 'dec', nullable: false, scale: 2 } }
const yes: CheckOptions = { expect: { t: 'bool', nullable: false } }

describe('fixes', () => {
  // Rule, code of its first diagnostic, the rule after the fix.
  test.each<[Json, string, Json, CheckOptions?]>([
    [{ '>': [v('nn'), 1] }, 'T1', { '>': [v('n'), 1] }],
    [{ '+': [v('n'), '5'] }, 'T2', { '+': [v('n'), 5] }],
    [{ '+': [v('n'), '1,234.50'] }, 'T2', { '+': [v('n'), { dec: '1234.50' }] }],
    [{ '+': [v('s'), 'x'] }, 'T2', { cat: [v('s'), 'x'] }],
    [{ '==': [v('n'), '5'] }, 'T2', { '==': [v('n'), 5] }],
    [{ '==': ['5', v('s'), 1] }, 'T2_COUNT', null],
    [{ '==': [v('s'), 5] }, 'T2', { '==': [v('s'), '5'] }],
    [{ '<': [v('d'), '2026/1/31'] }, 'T2', { '<': [v('d'), '2026-01-31'] }],
    [{ '<': [v('d'), '2026年1月31日'] }, 'T2', { '<': [v('d'), '2026-01-31'] }],
    [{ '==': [v('d'), '20260131'] }, 'T2', { '==': [v('d'), '2026-01-31'] }],
    [{ '>': [v('n'), '7'] }, 'T2', { '>': [v('n'), 7] }],
    [{ contains: [v('s'), 5] }, 'T2', { contains: [v('s'), '5'] }],
    [{ startsWith: [v('n'), 'x'] }, 'T2', { startsWith: [{ cat: [v('n')] }, 'x'] }],
    [{ round: [v('a'), 2, 'half_upp'] }, 'T2', { round: [v('a'), 2, 'half_up'] }],
    [{ '-': [9, 2, v('n')] }, 'T2_COUNT', { '-': [{ '-': [9, 2] }, v('n')] }],
    [{ '+': [v('n'), 0.1234567890123456] }, 'T2_LITERAL', { '+': [v('n'), { dec: '0.1234567890123456' }] }],
    [{ dec: 5 }, 'T2_LITERAL', { dec: '5' }],
    [v('n'), 'T2_RESULT', { '!=': [v('n'), 0] }, yes],
    ['12.5', 'T2_RESULT', 12.5, money],
    [{ '>': [v('m'), 1] }, 'T3', { '>': [{ '??': [v('m'), 0] }, 1] }],
    [{ '>': [v('x'), v('d')] }, 'T3', { and: [{ exists: [v('x')] }, { '>': [v('x'), v('d')] }] }],
    [{ and: [v('o'), true] }, 'T3', { and: [{ '??': [v('o'), false] }, true] }],
    [{ in: [1, v('k')] }, 'T3', { in: [1, { '??': [v('k'), []] }] }],
    [{ and: [v('n'), true] }, 'T4', { and: [{ '!=': [v('n'), 0] }, true] }],
    [{ and: [v('m'), true] }, 'T4', { and: [{ '!=': [{ '??': [v('m'), 0] }, 0] }, true] }],
    [{ or: [v('u'), true] }, 'T4', { or: [{ '!=': [{ '??': [v('u'), ''] }, ''] }, true] }],
    [{ '!': [v('l')] }, 'T4', { '!': [{ '!': [{ empty: [v('l')] }] }] }],
    [{ if: [v('p'), 1, 2] }, 'T4', { if: [{ exists: [v('p')] }, 1, 2] }],
    [{ if: ['apple', 1, 2] }, 'T4', { if: [true, 1, 2] }],
    [{ if: [true, v('n'), '2'] }, 'T5', { if: [true, v('n'), 2] }],
    [{ if: [true, 'x', v('n')] }, 'T5', { if: [true, 'x', { cat: [v('n')] }] }],
    [{ if: [true, ['a'], 'b'] }, 'T5', { if: [true, ['a'], ['b']] }],
    [{ '*': [v('a'), 0.03] }, 'T6', { round: [{ '*': [v('a'), 0.03] }, 2, 'half_up'] }, money],
    [{ '==': [v('e'), 'opne'] }, 'T7', { '==': [v('e'), 'open'] }],
    [{ and: [{ '<': [v('n'), 0] }, true] }, 'T8', { and: [false, true] }],
    [{ len_: [v('s')] }, 'T10', { len: [v('s')] }],
    [
      { '>': [v('n'), 1], '<': [v('n'), 9] },
      'T10_SHAPE',
      { and: [{ '>': [v('n'), 1] }, { '<': [v('n'), 9] }] },
    ],
  ])('%j: %s', (rule, code, fixed, options) => {
    const found = checkRule(rule, scope, options).diagnostics[0]!
    expect(found.code).toBe(code)
    if (fixed === null) return
    expect(found.fix?.title.zh).toMatch(/\p{Script=Han}/u)
    expect(applyFix(rule, found.fix!)).toEqual(fixed)
    const after = checkRule(fixed, scope, options).diagnostics
    expect(after.filter((one) => one.code === found.code && one.path === found.path)).toEqual([])
    expect(after.filter((one) => one.severity === 'error')).toEqual([])
  })

  test('replace what stands at their path and nothing else', () => {
    const rule = { and: [{ 'a/b~c': [1, 2] }, null] }
    expect(valueAt(rule, '/and/0/a~1b~0c/1')).toBe(2)
    expect(applyFix(rule, { path: '/and/0/a~1b~0c/1', value: null })).toEqual({
      and: [{ 'a/b~c': [1, null] }, null],
    })
    expect(applyFix(rule, { path: '/and/7/x', value: 1 })).toEqual(rule)
    expect(applyFix(rule, { path: '', value: true })).toBe(true)
  })
})
