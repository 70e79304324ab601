import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import fc from 'fast-check'
import { fullRowArbitrary } from './generator/values.ts'
import { caseFields } from './operator-cases.ts'

// Every operator with every combination of operands that always have a value, may be empty, or are nothing.

type Kind =
  | 'number'
  | 'money'
  | 'whole'
  | 'text'
  | 'bool'
  | 'date'
  | 'moment'
  | 'period'
  | 'texts'
  | 'numbers'
  | 'rows'

/**
 * For each kind: fields that always have a value and fields that may be empty. Operands of one rule take one after the
 * other, so that each is empty without regard to the others.
 */
const fields: Readonly<Record<Kind, readonly [sure: readonly string[], maybe: readonly string[]]>> = {
  number: [
    ['a', 'n', 'r'],
    ['b', 'b2', 'm'],
  ],
  money: [['a'], ['b', 'm']],
  whole: [['n'], ['m']],
  text: [['s'], ['u', 'u2']],
  bool: [['o'], ['q', 'q2']],
  date: [
    ['d', 'p.from'],
    ['x', 'x2', 'p2.to'],
  ],
  moment: [['i'], ['v', 'v2']],
  period: [['p'], ['p2']],
  texts: [['l'], ['l2']],
  numbers: [['k'], ['k2']],
  rows: [['t', 'j'], []],
}
/** Lists written out. */
const written: Partial<Record<Kind, readonly Json[]>> = {
  texts: [['a', null], []],
  numbers: [[1, null], []],
  rows: [[]],
}

type Part = Kind | { readonly is: Json }
const is = (json: Json): Part => ({ is: json })
const line = is('line')
const q = is({ var: 'line.q' })
const z = is({ var: 'line.z' })
const some = is({ '>': [{ var: 'line.w' }, 0] })
const empty = is({ '==': [{ var: 'line.z' }, { var: 'b' }] })
const bands = is([
  [0, '0.01'],
  [1000, '0.02'],
])

/** Every operator with the kinds of its operands, once for each way it is used. */
const uses: readonly (readonly [name: string, ...parts: Part[]])[] = [
  ...['+', '*', 'min', 'max', '==', '!=', '<', '<=', '>', '>=', '/', 'mod', '-', '??'].map(
    (name) => [name, 'number', 'number'] as const,
  ),
  ...['-', 'abs', 'neg', 'round', 'floor', 'ceil', '!!', 'exists', 'empty'].map(
    (name) => [name, 'number'] as const,
  ),
  ['div', 'number', 'whole', is(3), is('half_even')],
  ['between', 'number', 'number', 'number'],
  ['<', 'date', 'date'],
  ['>=', 'moment', 'moment'],
  ['<', 'number', 'number', 'number'],
  ['between', 'moment', 'moment', 'moment'],
  ['===', 'text', 'text'],
  ['!==', 'date', 'date'],
  ['%', 'number', 'number'],
  ['?:', 'bool', 'text', 'text'],
  ['between', 'date', 'date', 'date'],
  ...['==', '!=', '??'].flatMap((name) =>
    (['text', 'bool', 'date', 'moment'] as const).map((kind) => [name, kind, kind] as const),
  ),
  ...['exists', 'empty', '!!'].flatMap((name) =>
    (['text', 'bool', 'date', 'moment', 'period', 'texts', 'numbers', 'rows'] as const).map(
      (kind) => [name, kind] as const,
    ),
  ),
  ['and', 'bool', 'bool'],
  ['or', 'bool', 'bool'],
  ['!', 'bool'],
  ['if', 'bool', 'number', 'number'],
  ['if', 'bool', 'text'],
  ['if', 'bool', 'date', 'bool', 'date', 'date'],
  ['cat', 'text', 'number', 'date'],
  ['len', 'text'],
  ['lower', 'text'],
  ['upper', 'text'],
  ['substr', 'text', 'whole'],
  ['substr', 'text', 'whole', 'whole'],
  ['contains', 'text', 'text'],
  ['contains', 'texts', 'text'],
  ['startsWith', 'text', 'text'],
  ['in', 'text', 'text'],
  ['in', 'text', 'texts'],
  ['in', 'number', 'numbers'],
  ['in', 'date', 'period'],
  ['contains', 'period', 'date'],
  ['??', 'texts', 'texts'],
  ['??', 'number', 'number', 'number'],
  ['and', 'bool', 'bool', 'bool'],
  ['or', 'bool', 'bool', 'bool'],
  ['workday_add', 'date', 'whole', is('cn')],
  ['workdays_between', 'date', 'date', is('gb')],
  ['is_workday', 'date', is('cn')],
  ['business_hours_add', 'moment', 'number', is('ny')],
  ['business_hours_between', 'moment', 'moment', is('gb')],
  ['company_key', 'text'],
  ['similarity', 'text', 'text'],
  ['tiers', 'number', is('marginal'), bands, is(2)],
  ['tiers', 'number', is('whole'), bands, is(0), is('up'), is('upper'), is('fixed')],
  ['split', 'number', is([1, 2])],
  ['split', 'number', 'numbers'],
  ['date_add', 'date', 'whole', is('month')],
  ['date_diff', 'date', 'date', is('month')],
  ['date_part', 'date', is('year_day')],
  ['year', 'date'],
  ['month', 'date'],
  ['quarter', 'date'],
  ['period', 'date', 'date'],
  ['var', is('b'), 'number'],
  ['missing', is('b'), is('a')],
  ['missing_some', 'whole', is(['u', 's', 'x'])],
  ['count', 'rows'],
  ['count', 'texts'],
  ['count', 'rows', line, empty],
  ['sum', 'numbers'],
  ['sum', 'rows', line, q],
  ['sum', 'rows', line, some, z],
  ['sum', 'rows', line, some, is({ '??': [{ var: 'line.z' }, { var: 'b' }, 0] })],
  ['avg', 'rows', line, q, is(2), is('half_up')],
  ['avg', 'numbers', is(1), is('up')],
  ['max', 'rows', line, q],
  ['min_of', 'rows', line, z],
  ['min_of', 'rows', line, q],
  ['max_of', 'rows', line, is({ var: 'line.g' })],
  ['min', 'rows', line, some, q],
  ['any', 'rows', line, empty],
  ['all', 'rows', line, empty],
  ['none', 'rows', line, is({ exists: [{ var: 'line.h' }] })],
  ['some', 'texts', is({ '==': [{ var: '' }, 'a'] })],
  ['map', 'rows', line, z],
  ['filter', 'numbers', is({ '!=': [{ var: '' }, 1] })],
  ['reduce', 'numbers', is({ '+': [{ var: 'current' }, { var: 'accumulator' }] }), 'number'],
  ['merge', 'numbers', 'whole'],
  ['sort', 'texts'],
  ['sort', 'numbers', is('desc')],
  ['try', 'number', 'number'],
]

interface Built {
  readonly operator: string
  readonly parts: readonly Kind[]
  readonly build: (...operands: Json[]) => Json
}

const row = (when: Json[], then: Json[]): Json => ({ when, then })

const table = (
  hit: string,
  type: string,
  es: readonly Json[],
  thens: readonly Json[],
  last?: Json,
): Json => ({
  table: {
    inputs: es.map((e) => ({ e })),
    outputs: [{ name: 'o', type, ...(hit === 'priority' ? { values: [2, 1] } : {}) }],
    hit,
    rows: [
      row(
        es.map((_, i) => (i === 0 ? 'null' : '')),
        [thens[0]!],
      ),
      row(
        es.map((_, i) => (i === 0 ? '' : '!= null')),
        [thens[1]!],
      ),
    ],
    ...(last === undefined ? {} : { default: [last] }),
  },
})
const hits = [
  'unique',
  'first',
  'any',
  'priority',
  'collect:sum',
  'collect:min',
  'collect:max',
  'collect:count',
  'collect:list',
]

/** Operators whose operands do not stand in a list. */
const others: readonly Built[] = [
  ...(['number', 'text', 'bool', 'date', 'moment'] as const).flatMap((kind) =>
    hits.map(
      (hit): Built => ({
        operator: 'table',
        parts: [kind, kind],
        build: (a, b) => table(hit, 'int', [a, b], [1, 2]),
      }),
    ),
  ),
  ...['first', 'any', 'collect:list', 'unique'].map(
    (hit): Built => ({
      operator: 'table',
      parts: ['text', 'money', 'money', 'money'],
      build: (e, a, b, c) => table(hit, 'dec(2)?', [e], [a, b], c),
    }),
  ),
  {
    operator: 'rule',
    parts: ['money'],
    build: (x) => ({ rule: ['maybe', { x }] }),
  },
  { operator: 'rule', parts: ['money'], build: (x) => ({ rule: ['or_zero', { x }] }) },
  { operator: 'rule', parts: ['money'], build: (x) => ({ rule: ['double', { x }] }) },
  { operator: 'rule', parts: ['date', 'text'], build: (on, part) => ({ rule: ['due', { on, part }] }) },
  {
    operator: 'lookup',
    parts: ['whole'],
    build: (level) => ({ lookup: ['rate', { state: { var: 'e' }, level }, 'note'] }),
  },
]

/** The choices of an operand: the `nth` of its kind in the rule. */
function choicesOf(part: Part, nth: number): readonly Json[] {
  if (typeof part !== 'string') return [part.is]
  const [sure, maybe] = fields[part]
  const one = (names: readonly string[]): Json[] =>
    names.length > 0 ? [{ var: names[nth % names.length]! }] : []
  return [...one(sure), ...one(maybe), ...(part === 'rows' ? [] : [null]), ...(written[part] ?? [])]
}

function* combinations(parts: readonly Part[]): Generator<Json[]> {
  const seen = new Map<Part, number>()
  const choices = parts.map((part) => {
    const nth = seen.get(part) ?? 0
    seen.set(part, nth + 1)
    return choicesOf(part, nth)
  })
  let all: Json[][] = [[]]
  for (const some of choices) all = all.flatMap((before) => some.map((one) => [...before, one]))
  yield* all
}

export interface NullableUse {
  /** As it is written: a name or an alias. */
  readonly operator: string
  readonly rules: readonly Json[]
}

/** Every use with every choice of operands; the checker refuses those that may be empty where nothing may. */
export function nullableUses(): readonly NullableUse[] {
  const plain = uses.map(
    ([operator, ...parts]): NullableUse => ({
      operator,
      rules: [...combinations(parts)].map((operands): Json => ({ [operator]: operands })),
    }),
  )
  const built = others.map(
    ({ operator, parts, build }): NullableUse => ({
      operator,
      rules: [...combinations(parts)].map((operands) => build(...operands)),
    }),
  )
  return [...plain, ...built]
}

/** The fields that may be empty, and are so without regard to each other in the rows below. */
export const nullableFields = Object.keys(caseFields).filter((key) => caseFields[key]!.nullable)

/**
 * Rows in which any three fields are empty together in every combination: the field of code c is empty in row r where
 * an odd number of the bits of c stand in r. Codes are odd, so that no three add up to nothing.
 */
export function nullableRows(seed: number): readonly JsonObject[] {
  return fc.sample(fullRowArbitrary, { numRuns: 64, seed }).map((row, r) => {
    const bits = (n: number) => n.toString(2).replaceAll('0', '').length
    const masked = nullableFields.flatMap((key, i) =>
      bits((2 * i + 1) & r) % 2 === 1 ? [[key, null] as const] : [],
    )
    return { ...row, ...Object.fromEntries(masked) }
  })
}
