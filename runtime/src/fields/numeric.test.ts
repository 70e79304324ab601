import { describe, expect, test } from 'vitest'
import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import { recordScope } from '../definition/scopes.ts'
import type { Json } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { compileSql } from '../logic/compile-sql.ts'
import { fieldTypeOf } from './index.ts'

const field = (type: string, settings: Partial<FieldDefinition> = {}): FieldDefinition => ({
  ...fieldTypeOf({ 'x-field': type } as FieldDefinition).base,
  'x-field': type,
  'x-id': `f_${type}`,
  title: type,
  'x-title': { zh: type },
  ...settings,
})
const limitsOf = (definition: FieldDefinition) => {
  const type = fieldTypeOf(definition).ruleType(definition)
  return type.t === 'dec' || type.t === 'int' ? [type.min, type.max] : []
}

describe('the rule type of a number', () => {
  test('has the limits of the field, and where it has none those of its column', () => {
    expect(limitsOf(field('money'))).toEqual(['-999999999999999999.99', '999999999999999999.99'])
    expect(limitsOf(field('money', { formatMinimum: '0' }))).toEqual(['0', '999999999999999999.99'])
    expect(limitsOf(field('percent'))).toEqual(['0', '1'])
    expect(limitsOf(field('decimal', { 'x-precision': 5, 'x-scale': 0 }))).toEqual(['-99999', '99999'])
    expect(limitsOf(field('decimal', { 'x-precision': 2, 'x-scale': 2 }))).toEqual(['-0.99', '0.99'])
    expect(limitsOf(field('integer', { maximum: 10 }))).toEqual(['-9007199254740991', '10'])
  })

  test('spares the rules of money a check of their range in SQL', () => {
    const object = {
      key: 'thing',
      schema: {
        type: 'object',
        properties: {
          price: field('money'),
          share: field('percent'),
          count: field('integer', { minimum: 0, maximum: 99 }),
        },
        required: ['price', 'share', 'count'],
      },
    } as unknown as ObjectDefinition
    const scope = recordScope(
      {
        objects: new Map([['thing', object]]),
        rules: new Map(),
        calendars: new Map(),
      },
      'thing',
    )
    const sqlOf = (rule: Json) => {
      const { rule: typed, diagnostics } = checkRule(rule, scope, { level: 'V' })
      expect(diagnostics).toEqual([])
      return compileSql(typed!, (path) => ({ sql: path, column: true }))
    }
    const [price, share, count] = [{ var: 'price' }, { var: 'share' }, { var: 'count' }]
    expect(sqlOf({ '*': [price, share] })).toMatchObject({ fails: false, text: '(price * share)' })
    expect(sqlOf({ '+': [price, { '*': [price, share] }] }).fails).toBe(false)
    expect(sqlOf({ '*': [price, count] })).toMatchObject({ fails: false })
    expect(sqlOf({ '*': [price, price] }).fails).toBe(true)
  })
})
