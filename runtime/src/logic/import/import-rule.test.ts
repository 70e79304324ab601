import { describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { checkRule } from '../check.ts'
import { scopeFromFields } from '../scope.ts'
import { importRule } from './import-rule.ts'

const scope = scopeFromFields(
  [
    ['amount', { t: 'dec', nullable: false, scale: 2 }],
    ['limit', { t: 'dec', nullable: true, scale: 2 }],
    ['count', { t: 'int', nullable: false }],
    ['name', { t: 'str', nullable: false }],
    ['note', { t: 'str', nullable: true }],
    ['paid', { t: 'bool', nullable: true }],
    ['tags', { t: 'list', nullable: false, of: { t: 'str', nullable: false } }],
  ],
  { required: ['amount', 'count', 'name', 'tags'] },
)
const v = (name: string): Json => ({ var: name })

describe('importing a rule', () => {
  test('that is sound here too takes it as it stands', () => {
    const rule: Json = { if: [{ '>=': [v('amount'), 100] }, { '*': [v('amount'), 2] }, 0] }
    const found = importRule(rule, scope)
    expect(found).toMatchObject({ verdict: 'accepted', rule, rewrites: [], differences: [] })
    expect(found.samples.length).toBeGreaterThan(5)
  })

  test.each<[string, Json, Json]>([
    [
      'a default where the field may be empty',
      { '>': [v('limit'), 10] },
      { '>': [{ '??': [v('limit'), 0] }, 10] },
    ],
    ['numbers as text', { '==': [v('count'), '5'] }, { '==': [v('count'), 5] }],
    ['numbers as text in sums', { '+': [v('count'), '5'] }, { '+': [v('count'), 5] }],
    ['a text field and a number', { '==': [v('name'), 5] }, { '==': [v('name'), '5'] }],
    ['texts as truths', { and: [v('name'), true] }, { and: [{ '!=': [v('name'), ''] }, true] }],
    ['lists as truths', { if: [v('tags'), 1, 2] }, { if: [{ '!': [{ empty: [v('tags')] }] }, 1, 2] }],
    ['private spellings', { '!in': [v('name'), ['a', 'b']] }, { '!': [{ in: [v('name'), ['a', 'b']] }] }],
    ['"log" and "val"', { log: [{ '>': [{ val: ['count'] }, 1] }] }, { '>': [v('count'), 1] }],
    [
      'several at once',
      { and: [v('note'), { '>': [v('limit'), '5'] }] },
      { and: [{ '!=': [{ '??': [v('note'), ''] }, ''] }, { '>': [{ '??': [v('limit'), 0] }, 5] }] },
    ],
  ])('puts %s another way, with the same values', (_title, rule, expected) => {
    const found = importRule(rule, scope)
    expect(found.rule).toEqual(expected)
    expect(found.verdict).toBe('rewritten')
    for (const { why } of found.rewrites) for (const text of [why.en, why.zh]) expect(text).not.toBe('')
    expect(checkRule(found.rule, scope).rule).not.toBeNull()
    // A test of json-logic-js gives its operand back, here it gives true or false.
    const values = found.differences.filter(
      ({ ours, theirs }) => !(ours.ok && theirs.ok && ours.value === Boolean(theirs.value)),
    )
    expect(values).toEqual([])
  })

  test('tells every difference before it is taken', () => {
    const empties = importRule({ '==': [v('limit'), 0] }, scope, [{ limit: null }, { limit: '0.00' }])
    expect(empties.differences).toEqual([])
    const nested = importRule({ '-': [v('amount'), 1, 2] }, scope, [{ amount: '10.00' }])
    expect(nested.differences).toMatchObject([
      { sample: 0, kind: 'value', ours: { value: '7.00' }, theirs: { value: 9 } },
    ])
    const floats = importRule({ '+': [v('amount'), 0.1] }, scope, [{ amount: '0.20' }, { amount: '1.00' }])
    expect(floats.differences).toMatchObject([{ sample: 0, kind: 'rounding' }])
    const zero = importRule({ '/': [v('amount'), v('count')] }, scope, [{ amount: '1.00', count: 0 }])
    expect(zero.differences).toMatchObject([
      { kind: 'error', ours: { error: { code: 'E_DIVISION' } }, theirs: { value: 'Infinity' } },
    ])
  })

  test.each<[string, Json, string]>([
    ['texts in an order', { '<': [v('name'), 'm'] }, 'IMPORT_ORDER'],
    ['program code', { method: [v('name'), 'toUpperCase'] }, 'IMPORT_CODE'],
    ['plain data', { '>': [v('count'), 1], '<': [v('count'), 5] }, 'IMPORT_GROUP'],
    ['unknown fields', { '==': [v('nmae'), 'x'] }, 'T1'],
    ['unknown operators', { frobnicate: [1] }, 'T10'],
    ['the prototype chain', { '==': [v('constructor.name'), 'Object'] }, 'T1'],
  ])('refuses %s with the reason', (_title, rule, code) => {
    const found = importRule(rule, scope)
    expect(found.verdict).toBe('refused')
    expect(found.typed).toBeNull()
    expect(found.refusals.map((one) => one.code)).toContain(code)
    for (const { message, hint } of found.refusals)
      for (const text of [message.en, message.zh, hint.en, hint.zh]) expect(text).not.toMatch(/\{\w+\}/)
  })

  test('of any shape comes to an end', () => {
    let deep: Json = true
    for (let i = 0; i < 5_000; i++) deep = { '!': [deep] }
    const many: Json = { and: Array.from({ length: 150 }, () => v('name')) }
    expect(importRule(deep, scope).verdict).toBe('refused')
    expect(importRule(many, scope).rewrites.length).toBeLessThanOrEqual(100)
    expect(importRule(null, scope).verdict).toBe('accepted')
  })
})
