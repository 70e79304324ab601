import type { Json } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import type { NamedRule, RuleType } from '@channelwright/runtime/logic/types.ts'
import fc from 'fast-check'
import { worldScope } from '../../support/rule-equality.ts'
import { caseObjects } from '../case-library.ts'
import { plainExtras } from './extras.ts'
import { termsTable } from './tables.ts'
import {
  among,
  both,
  type Kinds,
  type Leaves,
  type More,
  modes,
  op,
  type Rule,
  read,
  treesOver,
} from './trees.ts'

// Named rules with random bodies, and calls of them. What they take and give is fixed, so that rules can be made
// without knowing their bodies.

const money: RuleType = { t: 'dec', nullable: false, scale: 2 }
const int: RuleType = { t: 'int', nullable: false }
const str: RuleType = { t: 'str', nullable: false }
const bool: RuleType = { t: 'bool', nullable: false }
const day: RuleType = { t: 'date', nullable: false }
const moment: RuleType = { t: 'instant', nullable: false }
const maybe = <T extends RuleType>(type: T): T => ({ ...type, nullable: true })
const listOf = (of: RuleType): RuleType => ({ t: 'list', nullable: false, of })
const level: RuleType = { t: 'str', nullable: false, enum: ['draft', 'open', 'closed'] }

interface Signature {
  readonly inputs: Readonly<Record<string, RuleType>>
  readonly result: RuleType | null
  readonly body: Rule
  readonly table?: true
}

const nothing: Leaves = {
  number: [{ dec: '2.50' }],
  emptyNumber: [],
  whole: [3],
  condition: [],
  emptyCondition: [],
  text: ['x'],
  emptyText: [],
  date: [{ date_add: ['2026-03-06', 1, 'day'] }],
  emptyDate: [],
  moment: [],
  emptyMoment: [],
  texts: [],
  emptyTexts: [],
  numbers: [],
  emptyNumbers: [],
  periods: [],
  choice: [],
}

const over = (leaves: Partial<Leaves>, extras: (kinds: Kinds) => More) => {
  const all = { ...nothing, ...leaves }
  return treesOver(all, 2, (kinds) => both(plainExtras(all, kinds), extras(kinds)))
}
const own = (...names: string[]) => names.map(read)
const toMoney = (rule: Rule): Rule => op('round', rule, fc.constant(2), modes)
const none = () => ({})

const sumLeaves = { number: own('x', 'w'), emptyNumber: own('y'), whole: own('w') }
const testLeaves = { number: own('x'), text: own('t'), emptyCondition: own('c') }
const textLeaves = { text: own('t'), emptyText: own('u'), whole: own('w') }
const dateLeaves = { date: own('d'), emptyDate: own('z'), whole: own('w') }
const maybeLeaves = { emptyNumber: own('x'), emptyDate: own('d') }
const listLeaves = { texts: own('l'), numbers: own('k'), whole: own('w') }
const momentLeaves = { moment: own('i'), emptyMoment: own('v') }
const moreLeaves = { number: own('x'), text: own('t') }
const termsLeaves = { choice: own('e'), number: own('x'), condition: own('o') }

const lists = over(listLeaves, none)
const terms = { ...nothing, ...termsLeaves }

/** An input that may be left away. */
const given = (name: string, rule: Rule): fc.Arbitrary<[string, Json] | null> =>
  fc.option(
    rule.map((json): [string, Json] => [name, json]),
    { freq: 4 },
  )
const sure = (name: string, rule: Rule): fc.Arbitrary<[string, Json] | null> =>
  rule.map((json): [string, Json] => [name, json])

function call(key: string, inputs: fc.Arbitrary<[string, Json] | null>[], pick?: string): Rule {
  return fc.tuple(...inputs).map(
    (all): Json => ({
      rule: [
        key,
        Object.fromEntries(all.filter((one) => one !== null)),
        ...(pick === undefined ? [] : [pick]),
      ],
    }),
  )
}

/** Each may call those before it. */
const signatures: Readonly<Record<string, Signature>> = {
  g_sum: {
    inputs: { x: money, y: maybe(money), w: int },
    result: money,
    body: toMoney(over(sumLeaves, none).number),
  },
  g_test: {
    inputs: { x: money, t: str, c: maybe(bool) },
    result: null,
    body: over(testLeaves, none).condition,
  },
  g_text: { inputs: { t: str, u: maybe(str), w: int }, result: str, body: over(textLeaves, none).text },
  g_date: { inputs: { d: day, z: maybe(day), w: int }, result: day, body: over(dateLeaves, none).date },
  g_moment: {
    inputs: { i: moment, v: maybe(moment) },
    result: moment,
    body: over(momentLeaves, none).moment,
  },
  g_maybe: {
    inputs: { x: maybe(money), d: maybe(day) },
    result: maybe(money),
    body: fc.oneof(
      fc.constant(read('x')),
      op(
        'if',
        over(maybeLeaves, none).condition,
        fc.constant(read('x')),
        toMoney(over(maybeLeaves, none).number),
      ),
    ),
  },
  g_list: {
    inputs: { l: listOf(str), k: listOf(int), w: int },
    result: int,
    body: fc.oneof(
      op('count', fc.constant(read('l')), fc.constant('word'), lists.condition),
      op('sum', fc.constant(read('k')), fc.constant('one'), op('*', fc.constant(read('one')), lists.whole)),
      lists.whole,
    ),
  },
  g_terms: {
    inputs: { e: level, x: money, o: bool },
    result: null,
    body: termsTable(terms, over(termsLeaves, none)),
    table: true,
  },
  g_more: {
    inputs: { x: money, t: str },
    result: money,
    body: toMoney(over(moreLeaves, (kinds) => callsOver({ ...nothing, ...moreLeaves }, kinds, false)).number),
  },
}

/** Calls of the rules above. What may be empty is given as a path or not at all. */
export function callsOver(leaves: Leaves, kinds: Kinds, more = true): More {
  const { number, whole, condition, text, date } = kinds
  const x = toMoney(number)
  // Of two places at most.
  const paths = leaves.emptyNumber.filter((one) => JSON.stringify(one) !== '{"var":"b2"}')
  const emptyMoney = fc.oneof(among(paths), x)
  const emptyText = fc.oneof(among(leaves.emptyText), text)
  const emptyDate = fc.oneof(among(leaves.emptyDate), date)
  const emptyTruth = fc.oneof(among(leaves.emptyCondition), condition)
  const state = fc.oneof(among(leaves.choice, 'open'), fc.constantFrom<Json>('draft', 'open', 'closed'))
  const terms = (pick: string) =>
    op('??', call('g_terms', [sure('e', state), sure('x', x), sure('o', condition)], pick), fc.constant(0))
  return {
    number: [
      call('g_sum', [sure('x', x), given('y', emptyMoney), sure('w', whole)]),
      op('??', call('g_maybe', [given('x', emptyMoney), given('d', emptyDate)]), number),
      ...(more ? [call('g_more', [sure('x', x), sure('t', text)])] : []),
      terms('rate'),
    ],
    whole: [
      call('g_list', [
        sure('l', fc.oneof(among(leaves.texts, ['a']), fc.constantFrom<Json>([], ['a', 'b']))),
        sure('k', fc.oneof(among(leaves.numbers, [1, 2]), fc.constantFrom<Json>([], [3]))),
        sure('w', whole),
      ]),
      terms('days'),
    ],
    condition: [call('g_test', [sure('x', x), sure('t', text), given('c', emptyTruth)])],
    text: [call('g_text', [sure('t', text), given('u', emptyText), sure('w', whole)])],
    date: [call('g_date', [sure('d', date), given('z', emptyDate), sure('w', whole)])],
    moment:
      leaves.moment.length > 0
        ? [call('g_moment', [sure('i', kinds.moment), given('v', among(leaves.emptyMoment))])]
        : [],
  }
}

/** Bodies that the checker takes, by a seed. */
export function sampleNamedRules(seed: number): readonly NamedRule[] {
  const made: NamedRule[] = []
  for (const [key, { inputs, result, body, table }] of Object.entries(signatures)) {
    const rule = fc
      .sample(body, { numRuns: 40, seed })
      .map(
        (json): NamedRule => ({
          key,
          title: { en: key, zh: key },
          inputs: Object.entries(inputs).map(([name, type]) => ({
            name,
            type,
            title: { en: name, zh: name },
          })),
          result,
          body: table ? { table: json } : { rule: json },
          scope: { root: new Map(), object: caseObjects },
        }),
      )
      .find((one) => checkRule(callOf(one), worldScope([...made, one]), { level: 'L' }).rule !== null)
    if (!rule) throw new Error(`no sound body of ${key} by the seed ${seed}`)
    made.push(rule)
  }
  return made
}

/** A call with the plainest of inputs, to see whether the body is sound. */
function callOf({ key, inputs }: NamedRule): Json {
  const path = (type: RuleType): Json => {
    if (type.t === 'list') return read(type.of.t === 'str' ? 'l' : type.of.t === 'int' ? 'k' : 't')
    if (type.t === 'str') return read(type.enum ? 'e' : type.nullable ? 'u' : 's')
    const plain: Readonly<Record<string, readonly [string, string]>> = {
      dec: ['a', 'b'],
      int: ['n', 'm'],
      bool: ['o', 'q'],
      date: ['d', 'x'],
      instant: ['i', 'v'],
    }
    return read(plain[type.t]![type.nullable ? 1 : 0])
  }
  return { rule: [key, Object.fromEntries(inputs.map(({ name, type }) => [name, path(type)]))] }
}
