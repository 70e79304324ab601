import { expect, it } from 'vitest'
import type { FieldDefinition } from '../../../src/definition/object.ts'
import { fieldTypeOf } from '../../../src/fields/index.ts'
import type { Json } from '../../../src/json.ts'
import { checkRule } from '../../../src/logic/check.ts'
import { compileSql } from '../../../src/logic/compile-sql.ts'
import { withNullable } from '../../../src/logic/rule-type.ts'
import { firstOperator, readConditions, toRule } from './conditions.ts'

const fields: Record<string, FieldDefinition> = Object.fromEntries(
  ['money', 'choice', 'datetime', 'date', 'text', 'boolean'].map((type) => [
    type,
    { 'x-field': type, 'x-id': 'f', title: type, 'x-title': { zh: type } },
  ]),
)
const rule = (...conditions: Parameters<typeof toRule>[0]) =>
  toRule(
    conditions,
    (key) => fields[key],
    'Asia/Shanghai',
    () => true,
  )

it('compares money exactly', () => {
  expect(rule({ field: 'money', op: '>=', value: '0.10' })).toEqual({
    '>=': [{ var: 'money' }, { dec: '0.10' }],
  })
})

it('joins conditions by and, leaves incomplete ones out, and half a range is one comparison', () => {
  expect(
    rule(
      { field: 'choice', op: 'in', value: ['a', 'b'] },
      { field: 'text', op: 'contains', value: '' },
      { field: 'money', op: 'between', value: ['5', null] },
      { field: 'unknown', op: 'exists' },
    ),
  ).toEqual({
    and: [{ in: [{ var: 'choice' }, ['a', 'b']] }, { '>=': [{ var: 'money' }, { dec: '5' }] }],
  })
  expect(rule()).toBeUndefined()
})

it('means the whole day of the workspace when an instant is compared with a day', () => {
  expect(rule({ field: 'datetime', op: 'between', value: ['2026-03-05', '2026-03-05'] })).toEqual({
    and: [
      { '>=': [{ var: 'datetime' }, '2026-03-04T16:00:00.000Z'] },
      { '<': [{ var: 'datetime' }, '2026-03-05T16:00:00.000Z'] },
    ],
  })
})

it('leaves records without a value out of every comparison', () => {
  const optional = (...conditions: Parameters<typeof toRule>[0]) =>
    toRule(
      conditions,
      (key) => fields[key],
      'Asia/Shanghai',
      () => false,
    )
  expect(optional({ field: 'date', op: '<=', value: '2026-03-05' })).toEqual({
    and: [{ exists: [{ var: 'date' }] }, { '<=': [{ var: 'date' }, '2026-03-05'] }],
  })
  expect(optional({ field: 'money', op: 'between', value: ['-5', '5'] })).toEqual({
    and: [
      { exists: [{ var: 'money' }] },
      { '>=': [{ var: 'money' }, { dec: '-5' }] },
      { '<=': [{ var: 'money' }, { dec: '5' }] },
    ],
  })
  expect(optional({ field: 'text', op: 'contains', value: 'x' })).toEqual({
    and: [{ exists: [{ var: 'text' }] }, { contains: [{ var: 'text' }, 'x'] }],
  })
  expect(optional({ field: 'text', op: '==', value: 'x' })).toEqual({ '==': [{ var: 'text' }, 'x'] })
})

it('starts with the comparison people mean most often', () => {
  expect(firstOperator(fields.choice!)).toBe('in')
  expect(firstOperator(fields.money!)).toBe('between')
  expect(firstOperator(fields.text!)).toBe('contains')
  expect(firstOperator(fields.boolean!)).toBe('==')
})

it('makes rules over optional fields that the server takes and compiles without a stand-in for what is empty', () => {
  const scope = {
    root: new Map(
      Object.values(fields).map((field) => [
        field['x-field'],
        withNullable(fieldTypeOf(field).ruleType(field), true),
      ]),
    ),
    object: () => undefined,
  }
  for (const [field, op, value] of [
    ['date', '<=', '2026-03-05'],
    ['datetime', 'between', ['2026-03-05', '2026-03-06']],
    ['money', '>', '-5'],
    ['text', 'startsWith', 'x'],
  ] as const) {
    const made = toRule(
      [{ field, op, value: value as Json }],
      (key) => fields[key],
      'UTC',
      () => false,
    )
    const { rule: checked, diagnostics } = checkRule(made!, scope, { level: 'C' })
    expect(diagnostics).toEqual([])
    expect(compileSql(checked!, (path) => ({ sql: path, column: true })).text).not.toMatch(/COALESCE/)
  }
})

it('reads conditions from an address and ignores what is none', () => {
  expect(readConditions('[{"field":"a","op":"exists"},7,{"op":"=="}]')).toEqual([
    { field: 'a', op: 'exists' },
  ])
  expect(readConditions('nonsense')).toEqual([])
})
