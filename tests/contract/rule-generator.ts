import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { formatDecimal } from '@channelwright/runtime/logic/decimal.ts'
import fc from 'fast-check'

/** Amounts that hurt: zero, halves, negatives, 18 digits before the point. */
const amount = (scale: number, digits: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.constantFrom(0n, 1n, -1n, 5n, -5n, 15n, 25n, 50n, 10n ** BigInt(scale), -(10n ** BigInt(scale))),
      fc.bigInt(-100_000n, 100_000n),
      fc.bigInt(-(10n ** BigInt(digits + scale)) + 1n, 10n ** BigInt(digits + scale) - 1n),
    )
    .map((units) =>
      formatDecimal({
        units: units >= -9007199254740991n && units <= 9007199254740991n ? Number(units) : units,
        scale,
      }),
    )

const text = fc
  .oneof(
    fc.constantFrom('', 'a', 'A', '商机', '😀', 'ß', 'É', '%', '_', '\\', "'", '上海商机😀', ' a '),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  .filter((value) => !value.includes('\0'))
  .map((value) => value.normalize('NFC'))

const date = fc.oneof(
  fc.constantFrom('2024-02-29', '2024-01-31', '2023-12-31', '2026-01-01', '0001-01-01', '9999-12-31'),
  fc
    .integer({ min: 0, max: 20_000 })
    .map((days) => new Date(Date.UTC(1990, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)),
)

const orNull = <T extends Json>(values: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.oneof(
    { weight: 2, arbitrary: values as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: fc.constant(null) },
  )

const whole = fc.oneof(fc.constantFrom(0, 1, -1, 2, 12), fc.integer({ min: -100_000, max: 100_000 }))

/** A row of all the fields that the cases read. */
export const rowArbitrary: fc.Arbitrary<JsonObject> = fc.record({
  n: whole,
  m: orNull(whole),
  a: amount(2, 18),
  b: orNull(amount(2, 18)),
  r: amount(6, 6),
  s: text,
  u: orNull(text),
  e: fc.constantFrom('draft', 'open', 'closed'),
  d: date,
  x: orNull(date),
  i: fc.constant('2026-01-31T00:00:00.000Z'),
  p: fc
    .tuple(date, fc.option(date))
    .map(([from, to]) => ({ from, to: to !== null && from < to ? to : null })),
  o: fc.boolean(),
  q: orNull(fc.boolean()),
  l: fc.array(text, { maxLength: 3 }),
  k: fc.array(whole, { maxLength: 3 }),
})

const read = (path: string): Json => ({ var: path })
const op = (name: string, ...parts: fc.Arbitrary<Json>[]): fc.Arbitrary<Json> =>
  fc.tuple(...parts).map((operands) => ({ [name]: operands }))
const word = (...words: string[]): fc.Arbitrary<Json> => fc.constantFrom(...words)
const places: fc.Arbitrary<Json> = fc.integer({ min: 0, max: 6 })
const modes = word('half_up', 'half_even', 'up', 'down', 'floor', 'ceil')

interface Trees {
  number: Json
  whole: Json
  condition: Json
  text: Json
  date: Json
}

/** Sound rules of level V by the kind of their result: nothing is refused but a product with too many places. */
const {
  number,
  condition,
  text: texts,
  date: dates,
} = fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>) => {
  const num = tie('number')
  const int = tie('whole')
  const test = tie('condition')
  const str = tie('text')
  const day = tie('date')
  return {
    number: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<Json>(
        read('a'),
        read('n'),
        read('r'),
        { '??': [read('b'), 0] },
        { '??': [read('m'), read('a')] },
      ),
      amount(2, 4).map((dec): Json => ({ dec })),
      fc.integer({ min: -5, max: 5 }).map((n): Json => n),
      op('+', num, num),
      op('-', num, num),
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
      op('??', op('if', test, num, fc.constant(read('b'))), num),
      int,
    ),
    whole: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom<Json>(read('n'), { '??': [read('m'), 1] }, 0, 30),
      op('len', str),
      op('date_diff', day, day, word('day', 'month', 'year')),
      op('round', num),
    ),
    condition: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<Json>(read('o'), { '??': [read('q'), false] }, { '==': [read('q'), true] }, true),
      op('==', num, num),
      op('!=', num, fc.constantFrom(read('b'), read('m'))),
      op('==', fc.constantFrom(read('b'), read('m')), fc.constantFrom<Json>(read('a'), read('b'), 0, null)),
      op('<', num, num),
      op('>=', num, num),
      op('<=', num, num, num),
      op('between', num, num, num),
      op('<', day, day),
      op('==', day, fc.constant(read('x'))),
      op('==', str, fc.constantFrom(read('u'), read('s'))),
      op('!=', fc.constant(read('u')), str),
      op('in', str, str),
      op('contains', str, str),
      op('startsWith', str, str),
      op(
        'in',
        fc.constantFrom(read('u'), read('s')),
        fc.array(text, { maxLength: 3 }).map((l): Json => l),
      ),
      op('in', fc.constantFrom<Json>(read('u'), read('s')), fc.constantFrom<Json>(read('l'), ['a', null])),
      op('in', fc.constantFrom(read('n'), read('m')), fc.constantFrom<Json>(read('k'), [0, 1, 2])),
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
      op('in', num, fc.constant(read('k'))),
      op('in', day, fc.constant(read('p'))),
      op('in', fc.constant(read('e')), fc.constantFrom<Json>(['open'], ['draft', 'closed'])),
      fc.constantFrom('b', 'm', 'u', 'x', 'q', 'l', 's').map((key): Json => ({ exists: [read(key)] })),
      fc.constantFrom('b', 'm', 'u', 'x', 'q', 'l', 's').map((key): Json => ({ empty: [read(key)] })),
      op('exists', op('if', test, num, fc.constant(read('b')))),
      op('and', test, test),
      op('and', test, test, test),
      op('or', test, test),
      op('!', test),
    ),
    text: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom<Json>(read('s'), read('e'), { '??': [read('u'), ''] }),
      text.map((value): Json => value),
      op('cat', str, num),
      op('cat', str, day),
      op('lower', str),
      op('upper', str),
      op('if', test, str, str),
    ),
    date: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom<Json>(
        read('d'),
        read('p.from'),
        { '??': [read('x'), read('d')] },
        { '??': [read('p.to'), '2030-01-01'] },
      ),
      op('date_add', fc.constantFrom<Json>(read('d'), '2024-01-31'), int, word('day', 'month', 'year')),
      op('date_add', day, int, word('day', 'month', 'year')),
      op('if', test, day, day),
    ),
  }
})

export const ruleArbitrary: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 5, arbitrary: condition },
  { weight: 1, arbitrary: texts },
  { weight: 1, arbitrary: dates },
  { weight: 1, arbitrary: op('if', condition, number) },
  { weight: 1, arbitrary: op('period', dates, dates) },
)
