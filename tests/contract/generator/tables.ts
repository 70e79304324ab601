import type { Json } from '@channelwright/runtime/json.ts'
import fc from 'fast-check'
import { among, type Kinds, type Leaves, op, type Rule, read } from './trees.ts'
import { date, instant } from './values.ts'

// Decision tables: every way to write a cell, every way in which rows become a result.

interface Column {
  readonly e: Rule
  /** A type of its own, where the column needs one. */
  readonly type?: string
  /** Values as a cell writes them, and as JSON has them. */
  readonly value: fc.Arbitrary<string>
  readonly raw: Rule
  readonly bare?: Rule
  readonly ordered: boolean
}

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`
const written = (...values: string[]) => fc.constantFrom(...values)

const numbers = fc.oneof(
  written('0', '-1', '1', '2', '100', '0.5', '-0.25', '5%', '12%', '1,000', '1,234.5', '100,000'),
  fc.integer({ min: -200, max: 100_000 }).map(String),
)
const numberRaw: Rule = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map((n): Json => n),
  fc.constantFrom<Json>(0.5, 2.25, '0.5', '7%', '1,000'),
)
const words = ['a', 'A', '商机', '😀', 'x y', 'a"b', '>= 1', 'null', '']

function columnsOf(leaves: Leaves, { number, condition, text, date: day }: Kinds): readonly Column[] {
  const places = op('round', number, fc.constant(2))
  return [
    {
      e: places,
      type: 'dec(2)',
      value: numbers,
      raw: numberRaw,
      bare: fc.constantFrom<Json>(-2, 0, 1, 0.5, 100),
      ordered: true,
    },
    {
      e: among(leaves.emptyNumber.filter((one) => JSON.stringify(one) !== '{"var":"b2"}')),
      type: 'dec(2)?',
      value: numbers,
      raw: numberRaw,
      bare: fc.constantFrom<Json>(-2, 0, 1, 0.5, 100),
      ordered: true,
    },
    {
      // A text that is joined has no choices, which its cells would have to keep to.
      e: fc.oneof(op('cat', text, fc.constant('')), among([...leaves.text, ...leaves.emptyText])),
      value: fc.oneof(written('a', 'A', '商机', 'x y'), fc.constantFrom(...words).map(quoted)),
      raw: fc.constantFrom<Json>(...words.filter((one) => one !== '')),
      ordered: false,
    },
    {
      e: fc.oneof(condition, among([...leaves.condition, ...leaves.emptyCondition])),
      value: written('true', 'false'),
      raw: fc.boolean().map((value): Json => value),
      bare: fc.boolean().map((value): Json => value),
      ordered: false,
    },
    {
      e: fc.oneof(day, among([...leaves.date, ...leaves.emptyDate])),
      value: date,
      raw: date.map((value): Json => value),
      ordered: true,
    },
    ...(leaves.choice.length > 0
      ? [
          {
            e: among(leaves.choice),
            value: written('draft', 'open', 'closed', '"open"'),
            raw: fc.constantFrom<Json>('draft', 'open', 'closed'),
            ordered: false,
          },
        ]
      : []),
    ...(leaves.moment.length + leaves.emptyMoment.length > 0
      ? [
          {
            e: among([...leaves.moment, ...leaves.emptyMoment]),
            value: instant,
            raw: instant.map((value): Json => value),
            ordered: true,
          },
        ]
      : []),
  ]
}

function cellOf({ value, raw, bare, ordered }: Column): Rule {
  const signed = (...signs: string[]) =>
    fc.tuple(written(...signs), value).map(([sign, one]) => `${sign}${sign.endsWith('.') ? '' : ' '}${one}`)
  const interval = fc
    .tuple(written('[', '('), value, value, written(']', ')'))
    .map(([open, low, high, close]) => `${open}${low}..${high}${close}`)
  const test = fc.oneof(
    value,
    signed('=', '!=', '<>', '==', '≠', '＝'),
    written('null', '!= null', 'empty'),
    ...(ordered ? [signed('<', '<=', '>', '>=', '≥', '＜'), signed('<', '>='), interval, interval] : []),
  )
  const together = fc.oneof(
    { weight: 3, arbitrary: test },
    { weight: 1, arbitrary: fc.tuple(test, written(' & ', '&', '＆'), test).map((parts) => parts.join('')) },
  )
  const either = fc.oneof(
    { weight: 3, arbitrary: together },
    {
      weight: 1,
      arbitrary: fc.tuple(together, written(' | ', '|', '｜'), together).map((parts) => parts.join('')),
    },
  )
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom<Json>('', '-', null, ' ') },
    { weight: 5, arbitrary: either.map((text): Json => text) },
    { weight: 1, arbitrary: either.map((text): Json => `not ${text}`) },
    { weight: 1, arbitrary: either.map((text): Json => `not(${text})`) },
    { weight: 1, arbitrary: value.map((text): Json => `! ${text}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(either, written(' & ', ' | '), either)
        .map(([a, sign, b]): Json => `(${a})${sign}(not ${b})`),
    },
    // A text by itself is read as a cell is; a number or a truth stands for itself.
    { weight: 1, arbitrary: bare ?? fc.constant('') },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(raw, fc.constant(null)), { minLength: 1, maxLength: 3 })
        .map((l): Json => l),
    },
  )
}

/** What a table gives: the type of its output, values written out, and rules that compute one. */
interface Output {
  readonly type: string
  readonly literal: Rule
  readonly rule: Rule
  readonly hits: readonly string[]
}

const one = ['unique', 'first', 'first', 'any', 'priority']

function outputsOf({ number, whole, condition, text, date: day, moment }: Kinds) {
  const edges = ['collect:min', 'collect:max']
  return {
    number: {
      type: 'dec(4)',
      literal: fc.constantFrom<Json>('5%', '0.02', '1,000.5', -3, 0, 12.5, { dec: '7.0000' }, '-12.5%'),
      rule: op('round', number, fc.constant(4)),
      hits: [...one, ...edges, 'collect:sum'],
    },
    whole: {
      type: 'int',
      literal: fc.constantFrom<Json>(0, 1, -7, '12', '1,000'),
      rule: whole,
      hits: [...one, ...edges, 'collect:sum', 'collect:count'],
    },
    condition: { type: 'bool', literal: fc.constantFrom<Json>(true, false), rule: condition, hits: one },
    text: { type: 'str', literal: fc.constantFrom<Json>('low', 'high', '中', ''), rule: text, hits: one },
    date: {
      type: 'date',
      literal: fc.constantFrom<Json>('2026-01-05', '2026-12-31', '0001-01-01'),
      rule: day,
      hits: [...one, ...edges],
    },
    moment: {
      type: 'instant',
      literal: fc.constantFrom<Json>('2026-03-09T09:00:00+08:00', '2026-03-09T01:00:00.5Z'),
      rule: moment,
      hits: [...one, ...edges],
    },
  } satisfies Record<string, Output>
}

interface Shape {
  readonly name: string
  readonly output: Output
}

/** A table with these outputs; without a default it may give nothing. */
function tableOf(
  leaves: Leaves,
  kinds: Kinds,
  outputs: readonly Shape[],
  hits: readonly string[],
  otherwise: 'default' | 'maybe',
): Rule {
  const all = columnsOf(leaves, kinds).map((column) => ({ ...column, cell: cellOf(column) }))
  return fc
    .tuple(
      fc.array(fc.nat(all.length - 1), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...hits),
      fc.integer({ min: 1, max: 4 }),
    )
    .chain(([at, hit, count]) => {
      const columns = at.map((i) => all[i]!)
      const then = ({ output }: Shape): Rule =>
        hit === 'priority'
          ? output.literal
          : fc.oneof({ weight: 3, arbitrary: output.literal }, { weight: 1, arbitrary: output.rule })
      const row = fc.tuple(fc.tuple(...columns.map(({ cell }) => cell)), fc.tuple(...outputs.map(then)))
      const fallback = fc.tuple(...outputs.map(then))
      return fc
        .tuple(
          fc.tuple(...columns.map(({ e }) => e)),
          fc.array(row, { minLength: count, maxLength: count }),
          otherwise === 'default' ? fallback : fc.option(fallback),
        )
        .map(([es, rows, last]): Json => {
          const values = (i: number) => [
            ...new Map(rows.map(([, thens]) => [JSON.stringify(thens[i]), thens[i]!] as const)).values(),
          ]
          return {
            inputs: es.map((e, i) => ({ e, ...(columns[i]!.type ? { type: columns[i]!.type } : {}) })),
            outputs: outputs.map(({ name, output }, i) => ({
              name,
              type: output.type,
              // The other way round than they stand: what wins is not the first row.
              ...(hit === 'priority' ? { values: values(i).reverse() } : {}),
            })),
            hit,
            // biome-ignore lint/suspicious/noThenProperty: the word of the table's JSON
            rows: rows.map(([when, thens]) => ({ when, then: thens })),
            ...(last ? { default: last } : {}),
          }
        })
    })
}

const asRule = (table: Rule): Rule => table.map((json): Json => ({ table: json }))

/** Tables of one output, always with a value, by the kind of it. */
export function tablesOver(leaves: Leaves, kinds: Kinds): { readonly [K in keyof Kinds]: Rule } {
  const outputs = outputsOf(kinds)
  const single = (kind: keyof typeof outputs): Rule =>
    asRule(tableOf(leaves, kinds, [{ name: 'o', output: outputs[kind] }], outputs[kind].hits, 'default'))
  return {
    number: single('number'),
    whole: single('whole'),
    condition: single('condition'),
    text: single('text'),
    date: single('date'),
    moment: single('moment'),
  }
}

/** Tables that may give nothing, a list, or several values at once: rules that stand alone. */
export function looseTables(leaves: Leaves, kinds: Kinds): readonly Rule[] {
  const outputs = outputsOf(kinds)
  const maybe = (kind: keyof typeof outputs, hits: readonly string[] = outputs[kind].hits): Rule =>
    asRule(tableOf(leaves, kinds, [{ name: 'o', output: outputs[kind] }], hits, 'maybe'))
  const empty = (output: Output): Output => ({
    ...output,
    type: `${output.type}?`,
    literal: fc.oneof(output.literal, fc.constant(null)),
  })
  const lists = ['collect:list']
  return [
    maybe('number'),
    maybe('text'),
    maybe('date'),
    maybe('moment'),
    asRule(tableOf(leaves, kinds, [{ name: 'o', output: empty(outputs.number) }], one.slice(0, 4), 'maybe')),
    maybe('number', lists),
    maybe('text', lists),
    asRule(termsTable(leaves, kinds)),
    op('sum', maybe('whole', lists)),
    op('??', maybe('number'), fc.constant(read('a'))),
  ]
}

/** Two outputs, `rate` and `days`; the body of a named rule as well. */
export function termsTable(leaves: Leaves, kinds: Kinds): Rule {
  const { number, whole } = outputsOf(kinds)
  return tableOf(
    leaves,
    kinds,
    [
      { name: 'rate', output: number },
      { name: 'days', output: whole },
    ],
    one,
    'maybe',
  )
}
