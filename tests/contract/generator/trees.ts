import type { Json } from '@channelwright/runtime/json.ts'
import fc from 'fast-check'
import { amount, instant, text } from './values.ts'

export type Rule = fc.Arbitrary<Json>
export const read = (path: string): Json => ({ var: path })
export const reads = (...paths: string[]): Rule => fc.constantFrom(...paths.map(read))
export const op = (name: string, ...parts: Rule[]): Rule =>
  fc.tuple(...parts).map((operands) => ({ [name]: operands }))
export const word = (...words: string[]): Rule => fc.constantFrom(...words)
export const places: Rule = fc.integer({ min: 0, max: 6 })
export const modes = word('half_up', 'half_even', 'up', 'down', 'floor', 'ceil')

export interface Trees {
  number: Json
  whole: Json
  condition: Json
  text: Json
  date: Json
  moment: Json
}
export type Kinds = { readonly [K in keyof Trees]: Rule }

/** What rules read where they stand: paths of fields that always have a value, and of those that may be empty. */
export interface Leaves {
  readonly number: readonly Json[]
  readonly emptyNumber: readonly Json[]
  readonly whole: readonly Json[]
  readonly condition: readonly Json[]
  readonly emptyCondition: readonly Json[]
  readonly text: readonly Json[]
  readonly emptyText: readonly Json[]
  readonly date: readonly Json[]
  readonly emptyDate: readonly Json[]
  readonly moment: readonly Json[]
  readonly emptyMoment: readonly Json[]
  readonly texts: readonly Json[]
  readonly emptyTexts: readonly Json[]
  readonly numbers: readonly Json[]
  readonly emptyNumbers: readonly Json[]
  readonly periods: readonly Json[]
  /** Texts with choices: never beside other literals. */
  readonly choice: readonly Json[]
}

export const outer: Leaves = {
  number: ['a', 'n', 'r'].map(read),
  emptyNumber: ['b', 'm', 'b2'].map(read),
  whole: [read('n')],
  condition: [read('o')],
  emptyCondition: ['q', 'q2'].map(read),
  text: [read('s')],
  emptyText: ['u', 'u2'].map(read),
  date: ['d', 'p.from'].map(read),
  emptyDate: ['x', 'x2', 'p.to', 'p2.from', 'p2.to'].map(read),
  moment: [read('i')],
  emptyMoment: ['v', 'v2'].map(read),
  texts: [read('l')],
  emptyTexts: [read('l2')],
  numbers: [read('k')],
  emptyNumbers: [read('k2')],
  periods: [read('p')],
  choice: [read('e')],
}

/** The fields of a row under `prefix`, beside those of `around` where these are in sight too. */
export function rowLeaves(prefix: string, around: Leaves | null): Leaves {
  const own = (...keys: string[]) => keys.map((key) => read(`${prefix}${key}`))
  const more = (kind: keyof Leaves) => around?.[kind] ?? []
  return {
    number: [...own('q', 'w'), ...more('number')],
    emptyNumber: [...own('z'), ...more('emptyNumber')],
    whole: [...own('q'), ...more('whole')],
    condition: [{ '??': [...own('h'), true] }, ...more('condition')],
    emptyCondition: [...own('h'), ...more('emptyCondition')],
    text: [...own('c'), ...more('text')],
    emptyText: more('emptyText'),
    date: [...own('g'), ...more('date')],
    emptyDate: [...own('g'), ...more('emptyDate')],
    moment: more('moment'),
    emptyMoment: [...own('y'), ...more('emptyMoment')],
    texts: [...own('k'), ...more('texts')],
    emptyTexts: more('emptyTexts'),
    numbers: more('numbers'),
    emptyNumbers: more('emptyNumbers'),
    periods: more('periods'),
    choice: more('choice'),
  }
}

export const among = (values: readonly Json[], otherwise: Json = null): Rule =>
  values.length > 0 ? fc.constantFrom(...values) : fc.constant(otherwise)

/** More rules of each kind. */
export type More = Partial<Record<keyof Trees, Rule[]>>

export const both = (...all: More[]): More => {
  const joined: More = {}
  for (const one of all)
    for (const [kind, rules] of Object.entries(one) as [keyof Trees, Rule[]][])
      joined[kind] = [...(joined[kind] ?? []), ...rules]
  return joined
}

/** Sound rules by the kind of their result: nothing is refused but a product with too many places. */
export function treesOver(leaves: Leaves, maxDepth: number, extras: (kinds: Kinds) => More) {
  return fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>) => {
    const num = tie('number')
    const int = tie('whole')
    const test = tie('condition')
    const str = tie('text')
    const day = tie('date')
    const when = tie('moment')
    const more = extras({ number: num, whole: int, condition: test, text: str, date: day, moment: when })
    const emptyMoment = among(leaves.emptyMoment)
    // Beside a moment a text that is written out is one.
    const anyMoment = leaves.moment.length + leaves.emptyMoment.length > 0
    const written: Rule = fc.oneof(
      when,
      instant.map((value): Json => value),
    )
    const emptyNumber = among(leaves.emptyNumber)
    const emptyText = among(leaves.emptyText)
    const emptyDate = among(leaves.emptyDate)
    // One count for all kinds: a condition inside a number is a step further down.
    const size = { maxDepth, depthSize: 'small' as const, depthIdentifier: fc.createDepthIdentifier() }
    const small: Rule = fc.integer({ min: -4, max: 4 })
    return {
      number: fc.oneof(
        size,
        among(leaves.number),
        op('??', emptyNumber, fc.constantFrom<Json>(0, ...leaves.number)),
        amount(2, 4).map((dec): Json => ({ dec })),
        fc.integer({ min: -5, max: 5 }).map((n): Json => n),
        op('+', num, num),
        op('+', num, num, num),
        op('-', num, num),
        op('-', num),
        op('*', num, num),
        op('/', num, num),
        op('div', num, num, places, modes),
        op('mod', num, num),
        op('round', num, places, modes),
        op('floor', num),
        op('ceil', num, places),
        op('abs', num),
        op('neg', num),
        op('min', num, num),
        op('max', num, num, num),
        op('if', test, num, num),
        op('if', test, num, test, num, num),
        op('??', op('if', test, num, emptyNumber), num),
        int,
        ...(more.number ?? []),
      ),
      whole: fc.oneof(
        size,
        among(leaves.whole),
        op('??', emptyNumber, fc.constant(1)).map((rule): Json => ({ round: [rule] })),
        fc.constantFrom<Json>(0, 30),
        op('len', str),
        op('date_diff', day, day, word('day', 'month', 'year')),
        op('round', num),
        fc.oneof(op('year', day), op('month', day), op('quarter', day)),
        op('date_part', day, word('year', 'quarter', 'month', 'day', 'week_day', 'year_day')),
        ...(more.whole ?? []),
      ),
      condition: fc.oneof(
        size,
        among([...leaves.condition, true]),
        op('??', among(leaves.emptyCondition, true), fc.constant(false)),
        op('==', among(leaves.emptyCondition, true), fc.constantFrom<Json>(true, false, null)),
        op('==', num, num),
        op('!=', num, emptyNumber),
        op('==', emptyNumber, fc.constantFrom<Json>(0, null, ...leaves.number, ...leaves.emptyNumber)),
        op('<', num, num),
        op('>=', num, num),
        op('<=', num, num, num),
        op('between', num, num, num),
        op('<', day, day),
        op('==', day, emptyDate),
        op('==', str, fc.constantFrom<Json>(null, ...leaves.text, ...leaves.emptyText)),
        op('!=', emptyText, str),
        op('in', str, str),
        op('contains', str, str),
        op('startsWith', str, str),
        op(
          'in',
          fc.constantFrom<Json>(...leaves.text, ...leaves.emptyText),
          fc.array(text, { maxLength: 3 }).map((l): Json => l),
        ),
        op(
          'in',
          fc.constantFrom<Json>(...leaves.text, ...leaves.emptyText),
          fc.constantFrom<Json>(['a', null], ...leaves.texts),
        ),
        op(
          'in',
          fc.constantFrom<Json>(...leaves.number, ...leaves.emptyNumber),
          fc.constantFrom<Json>([0, 1, 2], ...leaves.numbers),
        ),
        op(
          'in',
          num,
          fc
            .array(
              amount(1, 2).map((dec): Json => ({ dec })),
              { minLength: 1, maxLength: 3 },
            )
            .map((l): Json => l),
        ),
        op('in', num, among([[0, 1], ...leaves.numbers])),
        ...(leaves.choice.length > 0
          ? [op('in', among(leaves.choice), fc.constantFrom<Json>(['open'], ['draft', 'closed']))]
          : []),
        ...(leaves.periods.length > 0 ? [op('in', day, among(leaves.periods))] : []),
        ...(anyMoment
          ? [
              op('<', when, written),
              op('>=', when, written),
              op('between', when, written, written),
              op('==', when, fc.oneof(emptyMoment, written)),
              op('!=', emptyMoment, fc.oneof(emptyMoment, when)),
            ]
          : []),
        op('>', num, num),
        op('<', num, num, num),
        op('===', str, emptyText),
        op('!==', day, emptyDate),
        op('exists', fc.oneof(emptyNumber, emptyText, emptyDate, emptyMoment, among(leaves.text))),
        op(
          'empty',
          fc.oneof(
            emptyNumber,
            emptyText,
            emptyDate,
            emptyMoment,
            among([...leaves.text, ...leaves.texts, ...leaves.emptyTexts, ...leaves.emptyNumbers]),
          ),
        ),
        op(
          '!!',
          fc.oneof(
            num,
            str,
            test,
            emptyNumber,
            emptyText,
            emptyDate,
            emptyMoment,
            among([...leaves.texts, ...leaves.emptyTexts]),
          ),
        ),
        op('exists', op('if', test, num, emptyNumber)),
        op('and', test, test),
        op('and', test, test, test),
        op('or', test, test),
        op('!', test),
        ...(more.condition ?? []),
      ),
      text: fc.oneof(
        size,
        among(leaves.text),
        among(leaves.choice, ''),
        op('??', emptyText, fc.constant('')),
        text.map((value): Json => value),
        op('cat', str, num),
        op('cat', str, day),
        op('lower', str),
        op('upper', str),
        op('substr', str, small),
        op('substr', str, int, small),
        op('if', test, str, str),
        ...(more.text ?? []),
      ),
      date: fc.oneof(
        size,
        among(leaves.date),
        op('??', emptyDate, among([...leaves.date, '2030-01-01'])),
        op(
          'date_add',
          fc.constantFrom<Json>(...leaves.date, '2024-01-31'),
          int,
          word('day', 'month', 'year'),
        ),
        op('date_add', day, int, word('day', 'month', 'year')),
        op('if', test, day, day),
        ...(more.date ?? []),
      ),
      moment: fc.oneof(
        size,
        op('??', emptyMoment, among(leaves.moment, '2026-03-09T01:00:00Z')),
        ...(leaves.moment.length > 0 ? [among(leaves.moment), op('if', test, when, when)] : []),
        ...(more.moment ?? []),
      ),
    }
  })
}
