import { describe, expect, it } from 'vitest'
import { readDefinitionSet } from '../definition/build-release.ts'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { ObjectDefinition } from '../definition/object.ts'
import type { PlanDefinition } from '../definition/plan.ts'
import { checkPlan } from './check.ts'

const title = { en: 'X', zh: 'X' }
const field = (type: string, more: object = {}) => ({
  type: 'string',
  'x-field': type,
  'x-id': `f_${type}`,
  title: 'X',
  'x-title': { zh: 'X' },
  ...more,
})
const objects = [
  {
    kind: 'object/1',
    key: 'org',
    'x-id': 'o_org',
    title,
    display: 'name',
    party: {},
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { name: field('text'), grade: field('text') },
      required: ['name', 'grade'],
    },
  },
  {
    kind: 'object/1',
    key: 'sale',
    'x-id': 'o_sale',
    title,
    display: 'name',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: field('text'),
        seller: field('reference', { 'x-object': 'org' }),
        other: field('reference', { 'x-object': 'sale' }),
        sold_on: field('date'),
        amount: field('money', { 'x-scale': 2, 'x-currency': 'CNY' }),
        tip: field('money', { 'x-scale': 2, 'x-currency': 'CNY' }),
      },
      required: ['name', 'seller', 'amount'],
    },
  },
] as unknown as ObjectDefinition[]
const set: DefinitionSet = {
  ...readDefinitionSet([]),
  objects: new Map(objects.map((object) => [object.key, object])),
}
const plan: PlanDefinition = {
  kind: 'plan/1',
  key: 'bonus',
  'x-id': 'p',
  title,
  currency: 'CNY',
  effective: { from: '2026-01-01' },
  events: { object: 'sale', date: 'sold_on', earner: 'seller', when: true },
  measures: {
    amount: { 'x-id': 'm1', method: 'sum', of: { var: 'amount' } },
    deals: { 'x-id': 'm2', method: 'count' },
  },
  window: 'quarter',
  bands: {
    'x-id': 'b',
    method: 'marginal',
    lookup: 'amount',
    payOn: 'amount',
    bound: 'lower',
    unit: 'rate',
    rows: [
      { 'x-id': 'r1', from: '0', value: '0.01' },
      { 'x-id': 'r2', from: '100000', value: '0.02' },
    ],
  },
  rounding: { scale: 2, mode: 'half_up' },
}
const codes = (changes: Partial<PlanDefinition>) =>
  checkPlan({ ...plan, ...changes }, set).map((found) => `${found.code} ${found.path}`)
const bands = (changes: Partial<PlanDefinition['bands']>) => codes({ bands: { ...plan.bands, ...changes } })
const row = (id: string, from: string, value: string) => ({ 'x-id': id, from, value })

describe('the check of a plan', () => {
  it('finds nothing wrong with a sound plan', () => {
    expect(codes({})).toEqual([])
  })

  it('names objects, fields and measures that are not there or do not fit', () => {
    expect(codes({ events: { ...plan.events, object: 'order' } })).toEqual([
      'PLAN_OBJECT_UNKNOWN /events/object',
    ])
    expect(codes({ events: { ...plan.events, date: 'paid_on' } })).toEqual([
      'PLAN_FIELD_UNKNOWN /events/date',
    ])
    expect(codes({ events: { ...plan.events, date: 'name' } })).toEqual(['PLAN_DATE_UNFIT /events/date'])
    expect(codes({ events: { ...plan.events, earner: 'other' } })).toEqual([
      'PLAN_EARNER_UNFIT /events/earner',
    ])
    expect(bands({ lookup: 'units', payOn: 'units' })).toEqual([
      'PLAN_MEASURE_UNKNOWN /bands/lookup',
      'PLAN_MEASURE_UNKNOWN /bands/payOn',
    ])
    expect(codes({ effective: { from: '2026-02-30' } })).toEqual(['PLAN_DAYS /effective/from'])
    expect(codes({ effective: { from: '2026-02-01', to: '2026-01-31' } })).toEqual([
      'PLAN_DAYS /effective/to',
    ])
  })

  it('wants bands in order, each once, none negative, under a method that exists', () => {
    expect(bands({ rows: [row('r1', '100', '0.01'), row('r2', '100', '0.02')] })).toEqual([
      'PLAN_ROWS_ORDER /bands/rows/1/from',
    ])
    expect(bands({ rows: [row('r1', '0', '0.01'), row('r1', '100', '0.02')] })).toEqual([
      'PLAN_ROW_TWICE /bands/rows/1/x-id',
    ])
    expect(bands({ rows: [row('r1', '0', '-0.01')] })).toEqual(['PLAN_NEGATIVE /bands/rows/0/value'])
    expect(bands({ method: 'cumulative' })).toEqual(['PLAN_METHOD_UNKNOWN /bands/method'])
    expect(bands({ lookup: 'deals' })).toEqual(['PLAN_SLICES_MEASURE /bands/lookup'])
    expect(codes({ cap: '-1' })).toEqual(['PLAN_NEGATIVE /cap'])
  })

  it('warns of a first band above 0, of falling values, and of cliffs', () => {
    expect(bands({ rows: [row('r1', '100', '0.01')] })).toEqual(['PLAN_FIRST_BAND /bands/rows/0/from'])
    expect(bands({ rows: [row('r1', '0', '0.02'), row('r2', '100', '0.01')] })).toEqual([
      'PLAN_NOT_RISING /bands/rows/1/value',
    ])
    const [cliff] = checkPlan({ ...plan, bands: { ...plan.bands, method: 'whole' } }, set)
    expect(cliff).toMatchObject({ code: 'PLAN_CLIFF', severity: 'warning', path: '/bands/rows/1/from' })
    expect(cliff?.message.en).toContain('from 1,000 to 2,000')
  })

  it('types the rules: conditions give yes or no, sums give numbers that are never empty', () => {
    expect(codes({ events: { ...plan.events, when: { var: 'amount' } } })).toHaveLength(1)
    expect(
      codes({ measures: { ...plan.measures, amount: { 'x-id': 'm', method: 'sum', of: { var: 'tip' } } } }),
    ).toEqual(['PLAN_RULE_INVALID /measures/amount/of'])
    expect(codes({ measures: { ...plan.measures, amount: { 'x-id': 'm', method: 'sum' } } })).toEqual([
      'PLAN_MEASURE_OF /measures/amount',
    ])
    expect(codes({ gates: [{ 'x-id': 'g', when: { '>=': [{ var: 'm.deals' }, 3] } }] })).toEqual([])
    expect(codes({ gates: [{ 'x-id': 'g', when: { '>=': [{ var: 'm.units' }, 3] } }] })).toHaveLength(1)
    expect(
      codes({ events: { ...plan.events, when: { '<=': [{ var: 'sold_on' }, { var: '$today' }] } } }).length,
    ).toBeGreaterThan(0)
  })

  it('warns where a rule reads another record, whose value may change later', () => {
    expect(codes({ events: { ...plan.events, when: { '==': [{ var: 'seller.grade' }, 'gold'] } } })).toEqual([
      'PLAN_RULE_READS_THROUGH /events/when',
    ])
  })
})
