import { describe, expect, test } from 'vitest'
import { type Candidate, chooseCandidates } from './choose.ts'

const candidate = (id: string, known: Partial<Candidate> = {}): Candidate => ({
  id,
  lastAt: null,
  load: 0,
  capacity: null,
  weight: 1,
  credit: 0,
  ...known,
})

describe('whose turn it is', () => {
  test('is that of whoever was given something longest ago, counted for the whole organisation', () => {
    const sellers = [
      candidate('s1', { lastAt: '2026-03-02T11:00:00Z' }),
      candidate('s2', { lastAt: '2026-03-02T10:00:00Z' }),
      candidate('s3', { lastAt: '2026-03-02T12:00:00Z' }),
    ]
    expect(chooseCandidates('least_recent', sellers).chosen).toEqual(['s2'])
    const after = [candidate('s2', { lastAt: '2026-03-02T13:00:00Z' }), sellers[2]!]
    expect(chooseCandidates('least_recent', after).chosen).toEqual(['s3'])
  })
  test('is that of whoever never had one, first', () => {
    const two = [candidate('old', { lastAt: '2020-01-01T00:00:00Z' }), candidate('new')]
    expect(chooseCandidates('least_recent', two).chosen).toEqual(['new'])
  })
  test('goes by the fewest open ones, then by time', () => {
    const three = [
      candidate('a', { load: 3 }),
      candidate('b', { load: 1, lastAt: '2026-03-02T10:00:00Z' }),
      candidate('c', { load: 1, lastAt: '2026-03-01T10:00:00Z' }),
    ]
    expect(chooseCandidates('least_loaded', three).chosen).toEqual(['c'])
  })
  test('never is that of one who is full', () => {
    const two = [candidate('a', { load: 2, capacity: 2 }), candidate('b', { load: 9 })]
    expect(chooseCandidates('least_loaded', two)).toMatchObject({
      chosen: ['b'],
      passed: [{ id: 'a', why: 'full' }],
    })
    expect(chooseCandidates('broadcast', [two[0]!], 5).chosen).toEqual([])
  })
  test('holds to the weights over any stretch, smoothly', () => {
    let credits: Record<string, number> = {}
    const turns = Array.from({ length: 14 }, () => {
      const all = [
        candidate('a', { weight: 5, credit: credits.a ?? 0 }),
        candidate('b', { weight: 1, credit: credits.b ?? 0 }),
        candidate('c', { weight: 1, credit: credits.c ?? 0 }),
      ]
      const choice = chooseCandidates('weighted', all)
      credits = { ...credits, ...choice.credits }
      return choice.chosen[0]
    })
    expect(turns.join('')).toBe('aabacaaaabacaa')
  })
  test('asks several in a broadcast', () => {
    const four = ['a', 'b', 'c', 'd'].map((id) => candidate(id))
    expect(chooseCandidates('broadcast', four, 3).chosen).toEqual(['a', 'b', 'c'])
  })
})
