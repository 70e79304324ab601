import { describe, expect, test } from 'vitest'
import { type Gathered, gather } from './gather.ts'
import type { BranchRules } from './settings.ts'

const three = ['a', 'b', 'c']
const said = (rules: BranchRules, arrived: Record<string, 'done' | 'rejected'>): string => {
  const { kind, ...rest }: Gathered = gather(rules, { expected: three, arrived })
  return 'early' in rest && rest.early ? `${kind} early` : kind
}

describe('a join', () => {
  test('of all waits for every branch', () => {
    expect(said({}, { a: 'done', b: 'done' })).toBe('waits')
    expect(said({}, { a: 'done', b: 'done', c: 'done' })).toBe('passes')
  })
  test('of any goes on with the first', () => {
    expect(said({ join: 'any' }, { b: 'done' })).toBe('passes early')
    expect(said({ join: 'any', onBranchReject: 'wait_all' }, { a: 'rejected', b: 'rejected' })).toBe('waits')
    expect(
      said({ join: 'any', onBranchReject: 'wait_all' }, { a: 'rejected', b: 'rejected', c: 'rejected' }),
    ).toBe('refused')
  })
  test('of a quorum goes on with so many, and is refused once they can not come any more', () => {
    const rules = { join: { quorum: 2 }, onBranchReject: 'wait_all' } as const
    expect(said(rules, { a: 'done' })).toBe('waits')
    expect(said(rules, { a: 'done', c: 'done' })).toBe('passes early')
    expect(said(rules, { a: 'rejected', c: 'rejected' })).toBe('refused early')
  })
  test('with wait_all hears everybody before it is refused', () => {
    const rules = { onBranchReject: 'wait_all' } as const
    expect(said(rules, { a: 'rejected', b: 'done' })).toBe('waits')
    expect(said(rules, { a: 'rejected', b: 'done', c: 'done' })).toBe('refused')
  })
  test('with ignore leaves refused branches out, but never all of them', () => {
    const rules = { onBranchReject: 'ignore' } as const
    expect(said(rules, { a: 'rejected', b: 'done' })).toBe('waits')
    expect(said(rules, { a: 'rejected', b: 'done', c: 'done' })).toBe('passes')
    expect(said(rules, { a: 'rejected', b: 'rejected', c: 'rejected' })).toBe('refused')
  })
  test('of a quorum greater than what was let loose is content with all of it', () => {
    expect(gather({ join: { quorum: 5 } }, { expected: ['a'], arrived: { a: 'done' } }).kind).toBe('passes')
  })
})
