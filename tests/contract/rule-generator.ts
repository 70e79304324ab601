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

const row = fc.record({
  q: fc.oneof(fc.constantFrom(0, 1, 2), whole),
  w: amount(2, 12),
  c: text,
  z: orNull(amount(2, 12)),
  g: date,
  h: orNull(fc.boolean()),
  k: fc.array(fc.constantFrom('a', '', '😀', 'x'), { maxLength: 2 }),
})

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
  t: fc.array(row, { maxLength: 4 }),
  j: fc.array(row, { maxLength: 4 }),
})

type Rule = fc.Arbitrary<Json>
const read = (path: string): Json => ({ var: path })
const reads = (...paths: string[]): Rule => fc.constantFrom(...paths.map(read))
const op = (name: string, ...parts: Rule[]): Rule =>
  fc.tuple(...parts).map((operands) => ({ [name]: operands }))
const word = (...words: string[]): Rule => fc.constantFrom(...words)
const places: Rule = fc.integer({ min: 0, max: 6 })
const modes = word('half_up', 'half_even', 'up', 'down', 'floor', 'ceil')

interface Trees {
  number: Json
  whole: Json
  condition: Json
  text: Json
  date: Json
}
type Kinds = { readonly [K in keyof Trees]: Rule }

/** What rules read where they stand: paths of fields that always have a value, and of those that may be empty. */
interface Leaves {
  readonly number: readonly Json[]
  readonly emptyNumber: readonly Json[]
  readonly whole: readonly Json[]
  readonly condition: readonly Json[]
  readonly emptyCondition: readonly Json[]
  readonly text: readonly Json[]
  readonly emptyText: readonly Json[]
  readonly date: readonly Json[]
  readonly emptyDate: readonly Json[]
  readonly texts: readonly Json[]
  readonly numbers: readonly Json[]
  readonly periods: readonly Json[]
  /** Texts with choices: never beside other literals. */
  readonly choice: readonly Json[]
}

const outer: Leaves = {
  number: ['a', 'n', 'r'].map(read),
  emptyNumber: ['b', 'm'].map(read),
  whole: [read('n')],
  condition: [read('o')],
  emptyCondition: [read('q')],
  text: [read('s')],
  emptyText: [read('u')],
  date: ['d', 'p.from'].map(read),
  emptyDate: ['x', 'p.to'].map(read),
  texts: [read('l')],
  numbers: [read('k')],
  periods: [read('p')],
  choice: [read('e')],
}

/** The fields of a row under `prefix`, beside those of `around` where these are in sight too. */
function rowLeaves(prefix: string, around: Leaves | null): Leaves {
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
    texts: [...own('k'), ...more('texts')],
    numbers: more('numbers'),
    periods: more('periods'),
    choice: more('choice'),
  }
}

const among = (values: readonly Json[], otherwise: Json = null): Rule =>
  values.length > 0 ? fc.constantFrom(...values) : fc.constant(otherwise)

/** Sound rules by the kind of their result: nothing is refused but a product with too many places. */
function treesOver(
  leaves: Leaves,
  maxDepth: number,
  lists: (kinds: Kinds) => Partial<Record<keyof Trees, Rule[]>>,
) {
  return fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>) => {
    const num = tie('number')
    const int = tie('whole')
    const test = tie('condition')
    const str = tie('text')
    const day = tie('date')
    const more = lists({ number: num, whole: int, condition: test, text: str, date: day })
    const emptyNumber = among(leaves.emptyNumber)
    const emptyText = among(leaves.emptyText)
    const emptyDate = among(leaves.emptyDate)
    const size = { maxDepth, depthSize: 'small' as const }
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
        { ...size, maxDepth: Math.min(maxDepth, 3) },
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
        op('exists', fc.oneof(emptyNumber, emptyText, emptyDate, among(leaves.text))),
        op('empty', fc.oneof(emptyNumber, emptyText, emptyDate, among([...leaves.text, ...leaves.texts]))),
        op('!!', fc.oneof(num, str, test, emptyNumber, emptyText, emptyDate, among(leaves.texts))),
        op('exists', op('if', test, num, emptyNumber)),
        op('and', test, test),
        op('and', test, test, test),
        op('or', test, test),
        op('!', test),
        ...(more.condition ?? []),
      ),
      text: fc.oneof(
        { ...size, maxDepth: Math.min(maxDepth, 3) },
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
      ),
      date: fc.oneof(
        { ...size, maxDepth: Math.min(maxDepth, 3) },
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
      ),
    }
  })
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
const lineBody = treesOver(rowLeaves('line.', outer), 2, within('other', reads('line.k', 'l'), rowLists))
const ownBody = treesOver(rowLeaves('', null), 2, within('other', reads('k'), null))
const wordBody = treesOver({ ...outer, text: [read('word'), ...outer.text] }, 1, () => ({}))
const line = named('line')

const {
  number,
  condition,
  text: texts,
  date: dates,
} = treesOver(outer, 4, () => ({
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
  ],
}))

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
)
