import { expect, it } from 'vitest'
import type { FieldDefinition } from '../../definition/object.ts'
import { type LineColumn, pasteCells, readCell, readClipboard } from './paste.ts'

const field = (type: string, more: Record<string, unknown> = {}): FieldDefinition => ({
  'x-field': type,
  'x-id': 'f',
  title: 'F',
  'x-title': { zh: '字段' },
  ...more,
})

it('splits what a spreadsheet copies, quotes and line breaks included', () => {
  expect(readClipboard('a\tb\r\nc\t"d ""e""\nf"\r\n')).toEqual([
    ['a', 'b'],
    ['c', 'd "e"\nf'],
  ])
})

it('reads a cell by the type of its column', () => {
  expect(readCell('¥1,234.50', field('money'))).toBe('1234.50')
  expect(readCell('5%', field('percent'))).toBe('0.05')
  expect(readCell('1,000', field('integer'))).toBe(1000)
  expect(readCell('12.5', field('integer'))).toBe('12.5')
  expect(readCell('2026/3/5', field('date'))).toBe('2026-03-05')
  expect(readCell('是', field('boolean'))).toBe(true)
  const choice = field('choice', { oneOf: [{ const: 'gold', title: 'Gold', 'x-title': { zh: '金牌' } }] })
  expect(readCell('金牌', choice)).toBe('gold')
  expect(readCell('GOLD', choice)).toBe('gold')
  expect(readCell('tin', choice)).toBe('tin')
  expect(readCell('  ', field('text'))).toBeUndefined()
})

it('lays cells over lines, adds lines, keeps read-only columns and stops at the most', () => {
  const columns: LineColumn[] = [
    { key: 'sku', field: field('text') },
    { key: 'total', field: field('money', { readOnly: true }) },
    { key: 'qty', field: field('integer') },
  ]
  const cells = readClipboard('A\t9\t1\nB\t9\t2\nC\t9\t3')
  expect(pasteCells([{ sku: 'old', total: '5.00' }], columns, { row: 0, column: 0 }, cells, 2)).toEqual([
    { sku: 'A', total: '5.00', qty: 1 },
    { sku: 'B', qty: 2 },
  ])
})
