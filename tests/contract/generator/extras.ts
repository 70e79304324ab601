import type { Json } from '@channelwright/runtime/json.ts'
import fc from 'fast-check'
import { tablesOver } from './tables.ts'
import {
  among,
  type Kinds,
  type Leaves,
  type More,
  modes,
  op,
  places,
  type Rule,
  read,
  word,
} from './trees.ts'
import { companyName, instant, workDate } from './values.ts'

// Bands, shares, calendars, company names, tables, lookups.

const calendars = word('cn', 'cn', 'ny', 'gb')
const literal = (values: fc.Arbitrary<string>): Rule => values.map((value): Json => value)

/** Bands that begin higher and higher, some at 0, some values written as text. */
const bands: Rule = fc
  .tuple(
    fc.constantFrom(0, 0, 1, 50),
    fc.array(fc.tuple(fc.constantFrom(1, 5, 100, 1000, 99_999, 100_000), fc.constantFrom('', '.5', '.01')), {
      maxLength: 4,
    }),
    fc.array(fc.constantFrom<Json>(0, 0.01, '0.02', { dec: '0.0355' }, 1, '-0.5', 250, '12.345'), {
      minLength: 5,
      maxLength: 5,
    }),
  )
  .map(([first, steps, values]): Json => {
    let from = first
    const edges: Json[] = [first]
    for (const [step, places] of steps) {
      from += step
      edges.push(places === '' ? from : `${from}${places}`)
    }
    return edges.map((edge, i) => [edge, values[i]!])
  })

function tiersOf(number: Rule): Rule {
  const method = word('marginal', 'whole')
  const most = op(
    'tiers',
    number,
    method,
    bands,
    places,
    modes,
    word('lower', 'upper'),
    word('rate', 'fixed'),
  )
  return fc.oneof(most, op('tiers', number, method, bands, places))
}

/** Totals whose places are known from what they are made of. */
function totals(leaves: Leaves): Rule {
  const leaf = fc.oneof(among(leaves.number), fc.constantFrom<Json>({ dec: '100.00' }, 7, { dec: '-0.05' }))
  return fc.oneof(leaf, op('+', leaf, leaf), op('*', leaf, leaf), op('-', leaf, leaf))
}

function sharesOf(leaves: Leaves, kinds: Kinds): Rule {
  const weight = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map((n): Json => n),
    fc.constantFrom<Json>({ dec: '0.35' }, { dec: '0.2' }),
    op('abs', kinds.number),
    kinds.number,
  )
  const weights = fc.array(weight, { minLength: 1, maxLength: 4 }).map((list): Json => list)
  return op('split', totals(leaves), fc.oneof(weights, weights, among(leaves.numbers, [1, 2])))
}

/** A field of the record of `rate` that the key names. */
function lookupOf(leaves: Leaves, { whole }: Kinds, field: string): Rule {
  const state = fc.oneof(among(leaves.choice, 'open'), fc.constantFrom<Json>('draft', 'open'))
  const level = fc.oneof(fc.constantFrom<Json>(1, 2, 3), fc.constantFrom<Json>(1, 2, 3), whole)
  return fc
    .tuple(state, level)
    .map(([one, two]): Json => ({ lookup: ['rate', { state: one, level: two }, field] }))
}

/** All but calls of named rules. */
export function plainExtras(leaves: Leaves, kinds: Kinds): More {
  const { number, whole, date, moment, text } = kinds
  const table = tablesOver(leaves, kinds)
  const workday = fc.oneof(among(leaves.date), literal(workDate), date)
  const steps = fc.oneof(
    fc.integer({ min: -30, max: 30 }).map((n): Json => n),
    whole,
  )
  const at = leaves.moment.length > 0 ? fc.oneof(moment, moment, literal(instant)) : literal(instant)
  const hours = fc.oneof(
    fc.constantFrom<Json>(0, 1, -1, 8, { dec: '0.5' }, { dec: '-7.25' }, { dec: '0.00000001' }, 400),
    op('round', number, fc.constant(3)),
  )
  const emptyName = op('company_key', fc.oneof(among(leaves.emptyText, 'Acme Ltd'), text))
  return {
    number: [
      tiersOf(number),
      op('sum', sharesOf(leaves, kinds)),
      op(
        '??',
        op('max', sharesOf(leaves, kinds), fc.constant('part'), fc.constant(read('part'))),
        fc.constant(0),
      ),
      op('similarity', text, text),
      op('similarity', op('company_key', text), op('company_key', literal(companyName))),
      op('business_hours_between', at, at, calendars),
      op('??', lookupOf(leaves, kinds, 'rate'), fc.constant(0)),
      table.number,
      table.number,
    ],
    whole: [
      op('workdays_between', workday, workday, calendars),
      op('??', lookupOf(leaves, kinds, 'level'), fc.constant(0)),
      table.whole,
    ],
    condition: [
      op('is_workday', workday, calendars),
      op('==', emptyName, op('company_key', literal(companyName))),
      op('exists', lookupOf(leaves, kinds, 'note')),
      table.condition,
    ],
    text: [
      op('company_key', text),
      op('??', emptyName, fc.constant('')),
      op('??', lookupOf(leaves, kinds, 'note'), text),
      table.text,
    ],
    date: [
      op('workday_add', workday, steps, calendars),
      op('??', lookupOf(leaves, kinds, 'until'), date),
      table.date,
    ],
    moment: [
      op('business_hours_add', at, hours, calendars),
      ...(leaves.moment.length > 0 ? [table.moment] : []),
    ],
  }
}

/** Lists and what may be empty: rules that stand alone. */
export function looseExtras(leaves: Leaves, kinds: Kinds): readonly Rule[] {
  return [
    sharesOf(leaves, kinds),
    op('company_key', among(leaves.emptyText)),
    ...['rate', 'note', 'level', 'until'].map((field) => lookupOf(leaves, kinds, field)),
    fc.constant<Json>({ lookup: ['rate', { state: read('e'), level: read('m') }, 'rate'] }),
    op('business_hours_add', kinds.moment, kinds.number, calendars),
  ]
}
