import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import fc from 'fast-check'
import type { RuleWorld } from '../support/rule-equality.ts'
import { callsOver, sampleNamedRules } from './generator/calls.ts'
import { looseExtras, plainExtras } from './generator/extras.ts'
import { looseTables } from './generator/tables.ts'
import {
  both,
  type Kinds,
  type More,
  modes,
  op,
  outer,
  places,
  type Rule,
  read,
  reads,
  rowLeaves,
  treesOver,
  word,
} from './generator/trees.ts'
import { amount, rowArbitrary } from './generator/values.ts'

// Random rules that the checker takes, over random rows and random named rules.

/** Rows and named rules by a seed. */
export function sampleWorld(rowCount: number, seed: number): RuleWorld {
  return {
    rows: fc.sample(rowArbitrary, { numRuns: rowCount, seed }) as readonly JsonObject[],
    rules: sampleNamedRules(seed),
  }
}

const rowLists = reads('t', 'j')
const named = (name: string): Rule => fc.constant(name)

/** Lists inside the body of a list: of the row's own texts, and of the other list. */
const within = (name: string, texts: Rule, list: Rule | null) => (kinds: Kinds) => ({
  whole: [op('count', texts), ...(list ? [op('count', list, named(name), kinds.condition)] : [])],
  condition: [
    op('any', texts, named('word'), op('in', reads('word'), kinds.text)),
    op('all', texts, named('word'), op('!=', reads('word'), kinds.text)),
  ],
})

/** Bodies that see the row as `line` and everything else, and such that see the row alone. */
const lineLeaves = rowLeaves('line.', outer)
const lineBody = treesOver(lineLeaves, 2, (kinds) =>
  both(
    within('other', reads('line.k', 'l'), rowLists)(kinds),
    plainExtras(lineLeaves, kinds),
    callsOver(lineLeaves, kinds),
  ),
)
const ownBody = treesOver(rowLeaves('', null), 2, within('other', reads('k'), null))
const wordBody = treesOver({ ...outer, text: [read('word'), ...outer.text] }, 1, () => ({}))
const line = named('line')

const overLists: More = {
  number: [
    op('sum', rowLists, line, lineBody.number),
    op('sum', rowLists, line, lineBody.condition, lineBody.number),
    op('sum', reads('k')),
    op('??', op('avg', rowLists, line, lineBody.number, places, modes), fc.constant(-1)),
    op('??', op('max', rowLists, line, lineBody.condition, lineBody.number), reads('a')),
    op('??', op('min', rowLists, line, lineBody.number), reads('a')),
    op('??', op('max_of', reads('k')), fc.constant(0)),
  ],
  whole: [
    op('count', rowLists),
    op('count', rowLists, line, lineBody.condition),
    op('count', reads('l'), named('word'), wordBody.condition),
  ],
  condition: [
    op('any', rowLists, line, lineBody.condition),
    op('all', rowLists, line, lineBody.condition),
    op('none', rowLists, line, lineBody.condition),
    op('some', rowLists, ownBody.condition),
    op('all', rowLists, ownBody.condition),
    op('none', reads('l'), named('word'), wordBody.condition),
    op('exists', op('max_of', rowLists, line, lineBody.number)),
    op('==', op('min_of', rowLists, line, lineBody.date), reads('x')),
    op('in', reads('s', 'u'), op('??', reads('l2'), reads('l'))),
    op('in', reads('n', 'm'), op('??', reads('k2'), fc.constant<Json>([1]))),
  ],
}

const kinds = treesOver(outer, 4, (all) => both(overLists, plainExtras(outer, all), callsOver(outer, all)))
const { number, condition, text: texts, date: dates, moment } = kinds

/** Rules of levels C, V and L. */
export const ruleArbitrary: Rule = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 5, arbitrary: condition },
  { weight: 1, arbitrary: texts },
  { weight: 1, arbitrary: dates },
  { weight: 1, arbitrary: op('if', condition, number) },
  { weight: 1, arbitrary: op('period', dates, dates) },
  { weight: 1, arbitrary: op('avg', rowLists, line, lineBody.number, places, modes) },
  { weight: 1, arbitrary: op('min_of', rowLists, line, lineBody.date) },
  { weight: 1, arbitrary: op('max_of', rowLists, line, op('??', reads('line.y'), moment)) },
  { weight: 1, arbitrary: moment },
  { weight: 2, arbitrary: fc.oneof(...looseTables(outer, kinds)) },
  { weight: 1, arbitrary: fc.oneof(...looseExtras(outer, kinds)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      { rule: ['g_terms', { e: read('e'), x: read('a'), o: read('o') }] },
      { rule: ['g_maybe', { x: read('b') }] },
      { rule: ['terms', { state: read('e'), amount: read('a') }, 'days'] },
      { rule: ['inverse', { x: read('a') }] },
      { rule: ['quadruple', { x: read('n') }] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>({ missing: ['b', 'n', 'x'] }, { missing_some: [2, ['u', 's', 'm']] }),
  },
)

const step: Rule = fc.constantFrom<Json>(
  { '+': [read('sofar'), { '*': [read('line.q'), read('line.w')] }] },
  { if: [{ '>': [read('line.w'), read('sofar')] }, read('line.w'), read('sofar')] },
  { round: [{ '*': [read('sofar'), { '+': [read('line.q'), 1] }] }, 2, 'half_even'] },
)

/** Rules of level F, which the evaluator alone computes. */
export const listRuleArbitrary: Rule = fc.oneof(
  op('map', rowLists, line, fc.oneof(lineBody.number, lineBody.condition, lineBody.text, lineBody.date)),
  op('map', rowLists, ownBody.number),
  op(
    'map',
    op('filter', rowLists, ownBody.condition),
    lineBody.number.map((): Json => read('w')),
  ),
  op('filter', reads('k'), named('number'), op('>', reads('number'), number)),
  op(
    'reduce',
    rowLists,
    line,
    named('sofar'),
    step,
    amount(2, 6).map((dec): Json => ({ dec })),
  ),
  op('reduce', reads('k'), fc.constant<Json>({ '+': [read('accumulator'), read('current')] }), fc.integer()),
  op('merge', reads('k'), number, fc.constant<Json>([1, 2.5])),
  op('sort', reads('k', 'l'), word('asc', 'desc')),
  op(
    'map',
    op('sort', rowLists, line, fc.oneof(lineBody.number, lineBody.text, lineBody.date), word('asc', 'desc')),
    fc.constant(read('w')),
  ),
  op('try', number, number),
  op('??', reads('k.0', 'j.0.z', 't.1.w'), reads('k.1', 'j.1.w'), number),
  op('cat', op('??', reads('l.0', 'l.2', 't.0.c'), texts), texts),
)
