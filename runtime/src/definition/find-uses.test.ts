import { expect, test } from 'vitest'
import { readDefinitionSet } from './build-release.ts'
import { findFieldUses } from './find-uses.ts'

const title = { en: 'T', zh: '题' }
const text = { type: 'string', 'x-field': 'text', title: 'Text', 'x-title': { zh: '文本' } }
const source = (path: string, definition: object) => ({
  pack: 'p',
  path,
  text: JSON.stringify({ title, ...definition }),
})

const firm = source('objects/firm.json', {
  kind: 'object/1',
  key: 'firm',
  'x-id': 'o_firm',
  display: 'name',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: { ...text, 'x-id': 'f_name' },
      rank: { ...text, 'x-id': 'f_rank' },
      spare: { ...text, 'x-id': 'f_spare' },
    },
    required: ['name'],
  },
})
const order = source('objects/order.json', {
  kind: 'object/1',
  key: 'order',
  'x-id': 'o_order',
  display: 'code',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      code: { ...text, 'x-id': 'f_code' },
      firm: { ...text, format: 'uuid', 'x-field': 'reference', 'x-object': 'firm', 'x-id': 'f_firm' },
    },
  },
})
const list = source('views/firms.json', {
  kind: 'view/1',
  key: 'firms',
  'x-id': 'v_firms',
  type: 'table',
  object: 'firm',
  columns: [
    { 'x-id': 'c1', field: 'name' },
    { 'x-id': 'c2', field: 'rank' },
  ],
})
const gold = source('views/gold_orders.json', {
  kind: 'view/1',
  key: 'gold_orders',
  'x-id': 'v_gold',
  type: 'table',
  object: 'order',
  columns: [{ 'x-id': 'c1', field: 'code' }],
  filter: { '==': [{ var: 'firm.rank' }, 'gold'] },
})

test('uses are names of the field and rules that read it, also through references', () => {
  const set = readDefinitionSet([firm, order, list, gold])
  const uses = findFieldUses(set, 'firm', ['rank', 'spare', 'name', 'absent'])
  const places = (field: string) => uses.get(field)?.map(({ kind, key, path }) => `${kind} ${key} ${path}`)
  expect(places('rank')).toEqual([
    'view firms /columns/1/field',
    expect.stringMatching(/^view gold_orders \/filter/),
  ])
  expect(places('spare')).toEqual([])
  expect(places('name')).toEqual(
    expect.arrayContaining([
      'object firm /display',
      'object firm /schema/required/0',
      'view firms /columns/0/field',
    ]),
  )
  expect(places('absent')).toEqual([])
})

test('what was wrong before is no use of the field', () => {
  const broken = source('views/broken.json', {
    kind: 'view/1',
    key: 'broken',
    'x-id': 'v_broken',
    type: 'table',
    object: 'nowhere',
    columns: [{ 'x-id': 'c1', field: 'rank' }],
  })
  expect(findFieldUses(readDefinitionSet([firm, broken]), 'firm', ['rank']).get('rank')).toEqual([])
})
