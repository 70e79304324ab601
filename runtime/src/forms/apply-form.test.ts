import { describe, expect, test } from 'vitest'
import type { RuleDefinitions } from '../definition/definition-set.ts'
import type { FormDefinition } from '../definition/form.ts'
import type { ObjectDefinition } from '../definition/object.ts'
import type { Json, JsonObject } from '../json.ts'
import { applyForm, type FormInput } from './apply-form.ts'
import { dayIn, ruleContext } from './context.ts'
import { compileForm } from './outcomes.ts'

const field = (key: string, type: string, more: JsonObject = {}): JsonObject => ({
  type: type === 'boolean' ? 'boolean' : 'string',
  'x-field': type,
  'x-id': `f_${key}`,
  title: key,
  'x-title': { zh: `${key}(中)` },
  ...more,
})
const money = (key: string) => field(key, 'money', { format: 'decimal', 'x-scale': 2, 'x-currency': 'CNY' })
const head = (kind: string, key: string) => ({ kind, key, 'x-id': key, title: { en: key, zh: key } })

const company: unknown = {
  ...head('object/1', 'company'),
  display: 'name',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: { name: field('name', 'text'), level: field('level', 'text') },
  },
}
const order: unknown = {
  ...head('object/1', 'order'),
  display: 'note',
  computed: { double: { round: [{ '*': [{ '??': [{ var: 'price' }, 0] }, 2] }, 2, 'half_up'] } },
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      company: field('company', 'reference', { format: 'uuid', 'x-object': 'company' }),
      price: money('price'),
      discount: money('discount'),
      double: money('double'),
      net: money('net'),
      urgent: field('urgent', 'boolean'),
      reason: field('reason', 'text'),
      detail: field('detail', 'text'),
      note: field('note', 'text', { default: 'none' }),
      owner: field('owner', 'user', { format: 'uuid' }),
      hidden: field('hidden', 'text'),
    },
    required: ['price'],
  },
}
const form: unknown = {
  ...head('form/1', 'order_new'),
  object: 'order',
  purpose: 'create',
  steps: [
    {
      'x-id': 's1',
      title: { en: 'One', zh: '一' },
      sections: [
        {
          'x-id': 'c1',
          rows: [['detail', 'reason'], ['price', 'discount'], ['net'], ['urgent', 'note'], ['company']],
        },
      ],
    },
    {
      'x-id': 's2',
      title: { en: 'Two', zh: '二' },
      visible: { '>': [{ '??': [{ var: 'double' }, 0] }, 1000] },
      sections: [{ 'x-id': 'c2', rows: [['hidden']] }],
    },
  ],
  fields: {
    reason: { visible: { '==': [{ var: 'urgent' }, true] }, required: true },
    // Stands before what it depends on: the order on the page is not the order of the rules.
    detail: { visible: { exists: [{ var: 'reason' }] }, help: { en: 'Say more', zh: '请补充' } },
    net: { value: { '-': [{ '??': [{ var: 'price' }, 0] }, { '??': [{ var: 'discount' }, 0] }] } },
    discount: {
      default: { dec: '1.00' },
      readonly: { '!=': [{ '??': [{ var: 'company.level' }, ''] }, 'gold'] },
    },
  },
  checks: [
    {
      'x-id': 'k1',
      rule: { '<=': [{ '??': [{ var: 'discount' }, 0] }, { '??': [{ var: 'price' }, 0] }] },
      message: { en: 'More discount than price.', zh: '折扣大于价格。' },
      field: 'discount',
    },
  ],
  submit: { title: { en: 'Send', zh: '提交' }, set: { owner: { var: '$user.id' } } },
}
const none = new Map()
const set: RuleDefinitions = {
  objects: new Map([
    ['order', order as ObjectDefinition],
    ['company', company as ObjectDefinition],
  ]),
  rules: none,
  calendars: none,
}
const program = compileForm(set, form as FormDefinition)
const context = ruleContext(
  { id: 'u1', partner: null, partners: [], roles: [] },
  '2026-03-01T20:00:00.000Z',
  'Asia/Shanghai',
)
const run = (values: JsonObject, more: Partial<FormInput> = {}) =>
  applyForm(program, { values, record: null, context, phase: 'change', ...more })
const codes = (state: { problems: readonly { path: string; code: string }[] }) =>
  state.problems.map((problem) => `${problem.path} ${problem.code}`)

describe('a form', () => {
  test('shows a field when its rule says so, in the order of dependence', () => {
    expect([...run({ price: '5' }).outcomes.visible]).not.toContain('reason')
    const state = run({ price: '5', urgent: true, reason: 'late', detail: 'x' })
    expect(state.outcomes.visible.has('reason')).toBe(true)
    expect(state.outcomes.visible.has('detail')).toBe(true)
  })

  test('drops what is hidden, also for the rules that read it, and keeps it for when it comes back', () => {
    const state = run({ price: '5', urgent: false, reason: 'late', detail: 'x' })
    // `reason` is hidden, so to the rule of `detail` it is absent.
    expect(state.outcomes.visible.has('detail')).toBe(false)
    expect(state.entered).not.toHaveProperty('reason')
    expect(state.written).not.toHaveProperty('detail')
    expect(state.values).toMatchObject({ reason: 'late', detail: 'x' })
  })

  test('asks for required fields only while they are shown', () => {
    expect(codes(run({}))).toContain('/price FIELD_REQUIRED')
    expect(codes(run({ price: '5', urgent: true }))).toEqual(['/reason FIELD_REQUIRED'])
  })

  test('keeps a field equal to its rule, whatever was sent', () => {
    const state = run({ price: '10.00', discount: '2.50', net: '999' })
    expect(state.values.net).toBe('9.00')
    expect(state.outcomes.readonly.has('net')).toBe(true)
    expect(state.entered).not.toHaveProperty('net')
    expect(state.written.net).toBe('9.00')
  })

  test('never takes a read-only field from input', () => {
    // Not a gold company: the discount is the default, not what was sent.
    expect(run({ price: '10', discount: '9' }, { phase: 'submit' }).written.discount).toBe('1.00')
    const gold = { company: { id: 'c1', level: 'gold' } }
    const state = run({ price: '10', discount: '9', company: 'c1' }, { phase: 'submit', related: gold })
    expect(state.written.discount).toBe('9.00')
    // What was handed in belongs to another company: rules must not read it.
    const other = run({ price: '10', discount: '9', company: 'c2' }, { phase: 'submit', related: gold })
    expect(codes(other)).toContain('/discount FORM_RULE_FAILED')
    expect(program.reads).toEqual(['company.level'])
  })

  test('keeps the stored value of a read-only field of a record and does not write it', () => {
    const record = { price: '10.00', discount: '3.00', note: 'old' }
    const state = run({ price: '10.00', discount: '9', note: 'new' }, { record, phase: 'submit' })
    expect(state.values.discount).toBe('3.00')
    expect(state.written).not.toHaveProperty('discount')
    expect(state.written.note).toBe('new')
  })

  test('takes defaults once, when it opens', () => {
    expect(run({}, { phase: 'open' }).values).toMatchObject({ note: 'none', discount: '1.00' })
    expect(run({ note: 'mine' }, { phase: 'open' }).values.note).toBe('mine')
    expect(run({}).values).not.toHaveProperty('note')
  })

  test('shows steps by computed fields', () => {
    expect([...run({ price: '500' }).outcomes.steps]).toEqual(['s1'])
    const state = run({ price: '500.01', hidden: 'x' })
    expect([...state.outcomes.steps]).toEqual(['s1', 's2'])
    expect(state.computed.double).toBe('1000.02')
    expect(state.written.hidden).toBe('x')
  })

  test('says which check failed, at its field', () => {
    const gold = { company: { id: 'c1', level: 'gold' } }
    const state = run({ price: '1', discount: '2', company: 'c1' }, { related: gold })
    expect(state.problems).toEqual([
      {
        path: '/discount',
        code: 'FORM_CHECK_FAILED',
        message: { en: 'More discount than price.', zh: '折扣大于价格。' },
      },
    ])
  })

  test('adds values of the submit, normalised, and refuses keys that are not on it', () => {
    const state = run({ price: '5', owner: 'someone', __proto__x: 1, 'a/b': 1 }, { phase: 'submit' })
    expect(state.written).toMatchObject({ price: '5.00', owner: 'u1' })
    expect(state.written).not.toHaveProperty('a/b')
    expect(codes(state)).toEqual([
      '/owner FORM_FIELD_FOREIGN',
      '/__proto__x FORM_FIELD_FOREIGN',
      '/a~1b FORM_FIELD_FOREIGN',
    ])
    expect(run({ price: '5' }).written).not.toHaveProperty('owner')
  })

  test('gives the same outcome on the server for what the browser sends', () => {
    const values = { price: '5', urgent: false, reason: 'late', detail: 'x', net: '7', hidden: 'y' }
    const browser = run(values)
    const server = run(browser.entered, { phase: 'submit' })
    expect(server.outcomes).toEqual(browser.outcomes)
    expect(server.written).toEqual({ ...browser.written, owner: 'u1' })
  })

  test('meets any value without throwing', () => {
    const strange: Json[] = [null, 0, -1.5, '', 'x', '9'.repeat(60), [], {}, [1], { from: 1 }, true]
    for (const key of ['price', 'discount', 'urgent', 'reason', 'company', 'net', 'note']) {
      for (const value of strange)
        expect(() => run({ price: '1', [key]: value }, { phase: 'submit' })).not.toThrow()
    }
  })
})

test('a form is compiled once', () => {
  expect(compileForm(set, form as FormDefinition)).toBe(program)
})

test('the day is that of the workspace, not of the machine', () => {
  expect(dayIn('2026-03-01T15:59:59.999Z', 'Asia/Shanghai')).toBe('2026-03-01')
  expect(dayIn('2026-03-01T16:00:00.000Z', 'Asia/Shanghai')).toBe('2026-03-02')
  expect(dayIn('2026-03-01T16:00:00.000Z', 'America/New_York')).toBe('2026-03-01')
})
