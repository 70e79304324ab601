import { expect, test } from 'vitest'
import { diffTexts } from './diff-definitions.ts'

const english = (before: unknown, after: unknown) =>
  diffTexts(JSON.stringify(before), JSON.stringify(after)).map((words) => words.en)

test('lists of names are told by what came and went, not by their text', () => {
  expect(english({ fields: ['a', 'b'] }, { fields: ['b', 'c', 'd'] })).toEqual([
    'fields gains c, d and loses a.',
  ])
  expect(english({ rows: [['a', 'b'], ['c']] }, { rows: [['a', 'b'], ['c'], ['d']] })).toEqual([
    'rows gains d.',
  ])
  expect(english({ rows: [['a', 'b'], ['c']] }, { rows: [['a'], ['b', 'c']] })).toEqual([
    'rows is arranged differently now.',
  ])
})

test('an element keeps its identity when its key changes', () => {
  const field = { 'x-id': 'f_note', title: 'Note' }
  expect(english({ properties: { note: field } }, { properties: { remark: field } })).toEqual([
    'Note has the key "remark" now (was "note").',
  ])
})
