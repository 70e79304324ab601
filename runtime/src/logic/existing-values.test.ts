import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { checkRule } from './check.ts'
import { compileSql } from './compile-sql.ts'
import { compileRule } from './evaluate.ts'
import type { RuleScope } from './types.ts'

const scope: RuleScope = {
  root: new Map([['due', { t: 'date', nullable: true }]]),
  object: () => undefined,
}
const due: Json = { var: 'due' }
const exists: Json = { exists: [due] }
const late: Json = { '>=': [due, '2026-01-01'] }
const check = (rule: Json) => checkRule(rule, scope, { level: 'C' })
const codes = (rule: Json) => check(rule).diagnostics.map((found) => found.code)

describe('a value that exists', () => {
  test('may be compared in the same "and", after the question', () => {
    expect(codes({ and: [exists, late] })).toEqual([])
    expect(codes({ and: [exists, { or: [late, { '!': [late] }] }] })).toEqual([])
  })

  test('is not known before the question, beside it in an "or", or outside of the "and"', () => {
    expect(codes({ and: [late, exists] })).toEqual(['T3'])
    expect(codes({ or: [exists, late] })).toEqual(['T3'])
    expect(codes({ and: [{ and: [exists, late] }, late] })).toEqual(['T3'])
    expect(codes({ and: [{ '!': [exists] }, late] })).toEqual(['T3'])
  })

  test('is false for an empty value, also under "not", in the evaluator', () => {
    for (const [rule, expected] of [
      [{ and: [exists, late] }, [false, true, false]],
      [{ '!': [{ and: [exists, late] }] }, [true, false, true]],
    ] as const) {
      const run = compileRule(check(rule as unknown as Json).rule!)
      const values = [{ due: null }, { due: '2026-02-01' }, { due: '2025-12-31' }].map((data) => run(data))
      expect(values).toEqual(expected.map((value) => ({ ok: true, value })))
    }
  })

  test('stays a plain comparison in SQL, so that an index serves', () => {
    const { rule } = check({ and: [exists, late] })
    const { text } = compileSql(rule!, (path) => ({ sql: `t.${path}`, column: true }))
    expect(text).toMatch(/t\.due IS NOT NULL/)
    expect(text).toMatch(/t\.due >= /)
    expect(text).not.toMatch(/COALESCE/i)
  })
})
