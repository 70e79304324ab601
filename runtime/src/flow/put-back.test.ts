import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import { foldPuttingBack, markAnew, planPuttingBack } from './put-back.ts'

const sums = new Set(['n'])
const back = (before: JsonObject[string], after: JsonObject[string], rev = 1) => ({
  type: 'put_back',
  payload: { fields: { n: { before, after } }, rev },
})
const plan = (before: JsonObject[string], after: JsonObject[string], now: JsonObject[string]) =>
  planPuttingBack(back(before, after).payload, { n: now }, sums).values.n

describe('a number that was added to', () => {
  test('loses what was added, exactly, in the form that the field keeps', () => {
    expect(plan('0.10', '0.30', '0.30')).toBe('0.10')
    expect(plan('0.10', '0.30', '1.05')).toBe('0.85')
    expect(plan('12345678901234567.01', '12345678901234567.02', '99999999999999999.99')).toBe(
      '99999999999999999.98',
    )
    expect(plan(3, 5, 9)).toBe(7)
    expect(plan(10, 4, 3)).toBe(9)
  })

  test('counts as nothing where it is empty', () => {
    expect(plan(null, '1.00', '3.00')).toBe('2.00')
    expect(plan(null, '1.00', '1.00')).toBe(null)
    expect(plan('1.00', '2.00', null)).toBe('-1.00')
    expect(plan(null, 1, 4)).toBe(3)
  })
})

describe('anything else', () => {
  const text = (before: string | null, after: string | null, now: string | null) =>
    planPuttingBack(back(before, after).payload, { n: now }, new Set())

  test('goes back where it says what was written, and stays where it does not', () => {
    expect(text('a', 'b', 'b')).toEqual({ values: { n: 'a' }, kept: [] })
    expect(text('a', 'b', 'c')).toEqual({ values: {}, kept: [{ field: 'n', wrote: 'b', now: 'c' }] })
    // Nothing was written, or it is back already.
    expect(text('a', 'a', 'c')).toEqual({ values: {}, kept: [] })
    expect(text('a', 'b', 'a')).toEqual({ values: {}, kept: [] })
  })

  test('goes back outright where nobody wrote down what was written', () => {
    expect(planPuttingBack({ fields: { n: { before: 'a' } } }, { n: 'c' }, sums).values).toEqual({ n: 'a' })
  })
})

describe('what the case has written anew', () => {
  const anew = (
    before: JsonObject[string],
    after: JsonObject[string],
    now: JsonObject[string],
    rev: number,
  ) => planPuttingBack(markAnew(back('a', 'b', 2), [back(before, after, rev)]).payload, { n: now }, new Set())

  test('stays where it is the same, whether or not it said so already', () => {
    const kept = [{ field: 'n', wrote: 'b', now: 'b' }]
    expect(anew('b', 'b', 'b', 2)).toEqual({ values: {}, kept })
    expect(anew('c', 'b', 'b', 4)).toEqual({ values: {}, kept })
  })

  test('is not what was written before, or was something else', () => {
    expect(anew('x', 'b', 'b', 1)).toEqual({ values: { n: 'a' }, kept: [] })
    expect(anew('b', 'c', 'b', 4)).toEqual({ values: { n: 'a' }, kept: [] })
  })

  test('keeps nothing of a number that was added to', () => {
    const { payload } = markAnew(back(1, 2, 2), [back(1, 2, 4)])
    expect(planPuttingBack(payload, { n: 2 }, sums).values).toEqual({ n: 1 })
    expect(planPuttingBack(payload, { n: 3 }, sums).values).toEqual({ n: 2 })
  })
})

describe('steps that wrote one after the other', () => {
  const fieldsOf = (asked: ReturnType<typeof foldPuttingBack>) => asked.map(({ payload }) => payload.fields)

  test('and are taken back together are one write', () => {
    const folded = foldPuttingBack([back('b', 'c', 3), back(null, 'a', 1), back('a', 'b', 2)], [])
    expect(fieldsOf(folded)).toEqual([{ n: { before: null, after: 'c' } }, {}, {}])
  })

  test('of other records, or with somebody between them, are not', () => {
    const elsewhere = { ...back('a', 'b', 2), payload: { ...back('a', 'b', 2).payload, record: 'x' } }
    expect(fieldsOf(foldPuttingBack([back(null, 'a', 1), elsewhere], []))).toEqual([
      { n: { before: null, after: 'a' } },
      { n: { before: 'a', after: 'b' } },
    ])
    const between = [back(null, 'a', 1), back('x', 'b', 3)]
    expect(foldPuttingBack(between, [])).toEqual(between)
  })

  test('go back to what stood before all that was taken back and written over before them', () => {
    const [last] = foldPuttingBack([back('b', 'c', 3)], [back(null, 'a', 1), back('a', 'b', 2)])
    expect(last?.payload.fields).toEqual({ n: { before: 'b', after: 'c', first: null } })
    expect(planPuttingBack(last!.payload, { n: 'c' }, new Set()).values).toEqual({ n: null })
  })
})
