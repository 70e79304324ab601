import { describe, expect, test } from 'vitest'
import { readCases, runCase } from './run-file.ts'

describe('public JSON-logic suites', () => {
  test('are read in both formats, comments left out', () => {
    expect(
      readCases([
        '# title',
        [{ '==': [1, 1] }, {}, true],
        { description: 'x', rule: { '+': [1] }, data: null, result: 1 },
        { rule: { '/': [1, 0] }, error: { type: 'NaN' } },
      ]),
    ).toEqual([
      { rule: { '==': [1, 1] }, data: {}, result: true },
      { rule: { '+': [1] }, data: null, result: 1 },
      { rule: { '/': [1, 0] }, data: null },
    ])
  })

  test('give the published value or a refusal with its code', () => {
    expect(
      runCase({ rule: { '+': [{ var: 'a' }, 0.2] }, data: { a: 0.1 }, result: 0.30000000000000004 }),
    ).toEqual({ verdict: 'equal' })
    expect(runCase({ rule: { '==': [1, '1'] }, data: {}, result: true })).toMatchObject({
      verdict: 'refused',
      code: 'T2',
    })
    expect(runCase({ rule: { '/': [1, 0] }, data: {} })).toMatchObject({
      verdict: 'refused',
      code: 'E_DIVISION',
    })
    // Where engines differ, no side is taken: a lone operand, a text as a path, a group of fields as a yes or no.
    for (const [rule, data, code] of [
      [{ and: true }, null, 'T2_LITERAL'],
      [{ or: true }, null, 'T2_LITERAL'],
      [{ if: 'apple' }, null, 'T2_LITERAL'],
      [{ exists: 'hello' }, { world: 1 }, 'T2_LITERAL'],
      [{ '!!': { var: 'obj' } }, { obj: {} }, 'T2'],
    ] as const)
      expect(runCase({ rule, data })).toMatchObject({ verdict: 'refused', code })
    expect(runCase({ rule: { '+': [1, 1] }, data: {}, result: 3 })).toEqual({ verdict: 'wrong', got: 2 })
  })
})
