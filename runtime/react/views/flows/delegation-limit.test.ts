import { expect, test } from 'vitest'
import { flowsChosen, readLimit } from './delegation-limit.ts'

const flows = [
  { key: 'purchase', has_amount: true },
  { key: 'leave', has_amount: false },
]

test('a limit holds where one of the chosen flows says how much its cases are about', () => {
  expect(readLimit(' 50000.00 ', flowsChosen(flows, []))).toBe('50000.00')
  expect(readLimit('50000', flowsChosen(flows, ['purchase']))).toBe('50000')
  expect(readLimit('', flowsChosen(flows, undefined))).toBeNull()
})

test('what was entered before flows without amounts were chosen is neither sent nor found wrong', () => {
  expect(readLimit('50000', flowsChosen(flows, ['leave']))).toBeNull()
  expect(readLimit('a lot', flowsChosen(flows, ['leave']))).toBeNull()
})

test('what is no amount is said to be none', () => {
  for (const text of ['a lot', '-1', '1e9', '50,000']) expect(readLimit(text, flows), text).toBeUndefined()
})
