import { expect, it } from 'vitest'
import { matches } from './case-match.ts'

it('compares exact numbers by value and instants by time', () => {
  expect(matches('1.50', '1.5')).toBe(true)
  expect(matches('1.50', '1.51')).toBe(false)
  expect(matches(3, '3')).toBe(true)
  expect(matches('2026-03-02T09:00:00+08:00', '2026-03-02T01:00:00.000Z')).toBe(true)
})

it('compares of an object what is named, and absent is null', () => {
  expect(matches({ a: 1 }, { a: 1, b: 2 })).toBe(true)
  expect(matches({ c: null }, { a: 1 })).toBe(true)
  expect(matches({ c: 1 }, { a: 1 })).toBe(false)
  expect(matches({ a: 1 }, null)).toBe(false)
})

it('compares lists item by item, or by what is among them', () => {
  const list = [{ n: 1 }, { n: 2 }]
  expect(matches([{ n: 1 }], list)).toBe(false)
  expect(matches({ $some: { n: 2 } }, list)).toBe(true)
  expect(matches({ $none: { n: 2 } }, list)).toBe(false)
  expect(matches({ $none: { n: 2 } }, null)).toBe(false)
  expect(matches({ $count: 2 }, list)).toBe(true)
})

it('knows what is there and what a text contains', () => {
  expect(matches({ $any: true }, 0)).toBe(true)
  expect(matches({ $any: true }, undefined)).toBe(false)
  expect(matches({ $any: false }, undefined)).toBe(true)
  expect(matches({ $contains: 'b' }, 'abc')).toBe(true)
})
