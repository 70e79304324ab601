import { describe, expect, it } from 'vitest'
import { readDecimalEntry, shiftDecimalLeft } from './decimal-entry.ts'

describe('reading a decimal as people type it', () => {
  it.each([
    ['¥1,234.50', '1234.50'],
    ['¥1,234.50', '1234.50'],
    ['1234.5元', '1234.5'],
    ['1 234 567', '1234567'],
    ['1234', '1234'],
    ['(300.00)', '-300.00'],
    ['-0', '0'],
    ['−5', '-5'],
    ['.5', '0.5'],
    ['007', '7'],
    ['12%', '12'],
    ['USD 12', '12'],
    ['12 CNY', '12'],
    ['12,3456', '123456'],
    ['9999999999999999999999999999999999999999.01', '9999999999999999999999999999999999999999.01'],
  ])('reads %s as %s', (text, value) => expect(readDecimalEntry(text)).toBe(value))

  it('knows empty input from input that is no number', () => {
    expect(readDecimalEntry('  ')).toBeUndefined()
    for (const text of ['abc', '1,2', '1.2.3', '1e5', '-', '¥', 'NaN', '１２三'])
      expect(readDecimalEntry(text)).toBeNull()
  })
})

it('moves the point to the left without losing a digit', () => {
  expect(shiftDecimalLeft('5', 2)).toBe('0.05')
  expect(shiftDecimalLeft('-12.5', 2)).toBe('-0.125')
  expect(shiftDecimalLeft('12.34567', 2)).toBe('0.1234567')
  expect(shiftDecimalLeft('100', 2)).toBe('1')
  expect(shiftDecimalLeft('0', 2)).toBe('0')
})
