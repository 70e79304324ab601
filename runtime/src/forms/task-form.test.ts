import { expect, test } from 'vitest'
import type { RuleDefinitions } from '../definition/definition-set.ts'
import type { FormDefinition } from '../definition/form.ts'
import type { ObjectDefinition } from '../definition/object.ts'
import type { JsonObject } from '../json.ts'
import { applyForm } from './apply-form.ts'
import { ruleContext } from './context.ts'
import { compileForm } from './outcomes.ts'

const field = (key: string, type: string, more: JsonObject = {}): JsonObject => ({
  'x-field': type,
  'x-id': `f_${key}`,
  title: key,
  'x-title': { zh: `${key}(中)` },
  ...more,
})
const head = (kind: string, key: string) => ({ kind, key, 'x-id': key, title: { en: key, zh: key } })
const money = { type: 'string', format: 'decimal', 'x-scale': 2, 'x-currency': 'CNY' }
const request: unknown = {
  ...head('object/1', 'request'),
  display: 'name',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: field('name', 'text', { type: 'string' }),
      days: field('days', 'integer', { type: 'integer' }),
      why: field('why', 'text', { type: 'string' }),
      rows: field('rows', 'lines', {
        type: 'array',
        'x-lines': {
          properties: {
            count: field('count', 'integer', { type: 'integer' }),
            price: field('price', 'money', money),
            sum: field('sum', 'money', money),
            taxed: field('taxed', 'money', money),
          },
          required: ['count', 'price'],
          computed: {
            taxed: { round: [{ '*': [{ '??': [{ var: 'sum' }, 0] }, { dec: '1.13' }] }, 2, 'half_up'] },
            sum: { '*': [{ var: 'count' }, { var: 'price' }] },
          },
        },
      }),
    },
    required: ['name'],
  },
}
const refusing = { '==': [{ var: '$decision' }, 'reject'] }
const decision: unknown = {
  ...head('form/1', 'decide'),
  object: 'request',
  purpose: 'task',
  steps: [
    {
      'x-id': 's1',
      title: { en: 'One', zh: '一' },
      sections: [{ 'x-id': 'c1', rows: [['days'], ['why'], ['rows']] }],
    },
  ],
  fields: {
    days: { visible: { '!': [refusing] }, default: 90 },
    why: { visible: refusing, required: refusing },
  },
}
const none = new Map<string, never>()
const set: RuleDefinitions = {
  objects: new Map([['request', request as ObjectDefinition]]),
  rules: none,
  calendars: none,
}
const program = compileForm(set, decision as FormDefinition)
const context = ruleContext(
  { id: 'u1', partner: null, partners: [], roles: [] },
  '2026-03-01T04:00:00.000Z',
  'Asia/Shanghai',
)
const run = (phase: 'open' | 'submit', $decision: string | null, values: JsonObject) =>
  applyForm(program, {
    values,
    record: { id: 'r1', name: 'A' },
    context: { ...context, $decision },
    phase,
  })

test('a task begins with its defaults, although the record is an old one', () => {
  expect(program.readsDecision).toBe(true)
  expect(run('open', null, {}).values).toEqual({ days: 90 })
})

test('an answer asks for its own fields and drops those of the others', () => {
  const bare = run('submit', 'reject', { days: 90 })
  expect([...bare.outcomes.visible]).toEqual(['why', 'rows'])
  expect(bare.problems.map((problem) => problem.path)).toEqual(['/why'])
  expect(run('submit', 'reject', { days: 90, why: 'no' }).written).toEqual({ why: 'no' })
  expect(run('submit', 'approve', { days: 60, why: 'no' }).written).toEqual({ days: 60 })
})

test('columns of lines are worked out row by row, each after those it reads; what was sent for them counts for nothing', () => {
  const { written } = run('submit', 'approve', {
    rows: [
      { count: 3, price: '333333333333333.33', sum: '1.00' },
      { count: 2, price: null },
    ],
  })
  expect(written.rows).toEqual([
    { count: 3, price: '333333333333333.33', sum: '999999999999999.99', taxed: '1129999999999999.99' },
    { count: 2, price: null, sum: null, taxed: '0.00' },
  ])
})
