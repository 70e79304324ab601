import type { Json } from '@channelwright/runtime/json.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'

// What rules mean, written a second time in the plainest way there is: straight over the JSON, numbers as fractions
// of BigInt, lists as lists. It shares nothing with the evaluator, knows no types but those of the data, and is slow.

/** n / 10^s. */
interface Num {
  readonly n: bigint
  readonly s: number
}
interface Span {
  readonly from: string
  readonly to: string | null
}
type Value =
  | null
  | boolean
  | string
  | Num
  | Span
  | readonly Value[]
  | { readonly row: Names; readonly raw: Json }
type Names = ReadonlyMap<string, () => Value>

/** The rule cannot be computed: division by zero, 10^20 and more, no such date. */
export class ReferenceFailure extends Error {}

const fail = (why: string): never => {
  throw new ReferenceFailure(why)
}

/** The value as JSON: exact numbers as text without trailing zeros. Throws ReferenceFailure. */
export function computeByReference(rule: Json, data: Json, fields: Readonly<Record<string, RuleType>>): Json {
  return show(compute(rule, namesOf(data as Record<string, Json>, fields)))
}

function show(value: Value): Json {
  if (Array.isArray(value)) return value.map(show)
  if (isNum(value)) return showNumber(value)
  if (typeof value === 'object' && value !== null && 'row' in value) return value.raw
  return value as Json
}

export function showNumber({ n, s }: Num): string {
  const digits = (n < 0n ? -n : n).toString().padStart(s + 1, '0')
  const [whole, part] = [
    digits.slice(0, digits.length - s),
    digits.slice(digits.length - s).replace(/0+$/, ''),
  ]
  const text = part === '' ? whole : `${whole}.${part}`
  return n < 0n ? `-${text}` : text
}

const isNum = (value: Value): value is Num => typeof value === 'object' && value !== null && 'n' in value

function number(text: string): Num {
  const [whole = '', part = ''] = text.split('.')
  return { n: BigInt(whole + part), s: part.length }
}

function namesOf(data: Readonly<Record<string, Json>>, fields: Readonly<Record<string, RuleType>>): Names {
  return new Map(Object.entries(fields).map(([key, type]) => [key, () => read(data[key] ?? null, type)]))
}

function read(value: Json, type: RuleType): Value {
  if (value === null) return null
  if (type.t === 'int' || type.t === 'dec') return number(String(value))
  if (type.t === 'list') return (value as Json[]).map((one) => read(one, type.of))
  if (type.t === 'obj')
    return { raw: value, row: namesOf(value as Record<string, Json>, Object.fromEntries(type.fields)) }
  return value as Value
}

const ten = (s: number) => 10n ** BigInt(s)
const at = (x: Num, s: number) => x.n * ten(s - x.s)
function pair(a: Num, b: Num): [bigint, bigint, number] {
  const s = Math.max(a.s, b.s)
  return [at(a, s), at(b, s), s]
}
function inRange(x: Num): Num {
  const size = x.n < 0n ? -x.n : x.n
  return size >= ten(20 + x.s) ? fail('10^20') : x
}
function add(a: Num, b: Num): Num {
  const [x, y, s] = pair(a, b)
  return { n: x + y, s }
}
const compare = (a: Value, b: Value): number => {
  if (isNum(a) && isNum(b)) {
    const [x, y] = pair(a, b)
    return x < y ? -1 : x > y ? 1 : 0
  }
  return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0
}
function same(a: Value, b: Value): boolean {
  if (isNum(a) && isNum(b)) return compare(a, b) === 0
  return isNum(a) === isNum(b) && JSON.stringify(show(a)) === JSON.stringify(show(b))
}

/** a / b to `s` places. */
function divide(a: bigint, b: bigint, mode: string): bigint {
  const negative = a < 0n !== b < 0n
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  const [q, r] = [x / y, x % y]
  const half = 2n * r - y
  const up =
    r !== 0n &&
    ((mode === 'half_up' && half >= 0n) ||
      (mode === 'half_even' && (half > 0n || (half === 0n && q % 2n === 1n))) ||
      mode === 'up' ||
      (mode === 'floor' && negative) ||
      (mode === 'ceil' && !negative))
  const size = up ? q + 1n : q
  return negative ? -size : size
}
function quotient(a: Num, b: Num, s: number, mode: string): Num {
  if (b.n === 0n) fail('division by zero')
  return { n: divide(a.n * ten(s + b.s), b.n * ten(a.s), mode), s }
}
const rounded = (x: Num, s: number, mode: string): Num =>
  x.s <= s ? x : { n: divide(x.n, ten(x.s - s), mode), s }

// Dates by counting days one month at a time from 0001-01-01: no calendar of the language takes part.
const leap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
const monthLength = (y: number, m: number) =>
  m === 2 ? (leap(y) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31
const parts = (date: string) => date.split('-').map(Number) as [number, number, number]
const text = (y: number, m: number, d: number) =>
  `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`
function dayOf(date: string): number {
  const [y, m, d] = parts(date)
  const before = y - 1
  let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  for (let month = 1; month < m; month++) days += monthLength(y, month)
  return days + d - 1
}
function dateAt(day: number): string {
  if (day < 0) return fail('before 0001')
  let y = Math.floor(day / 366) + 1
  while (dayOf(text(y + 1, 1, 1)) <= day) y += 1
  if (y > 9999) return fail('after 9999')
  let m = 1
  while (m < 12 && dayOf(text(y, m + 1, 1)) <= day) m += 1
  return text(y, m, day - dayOf(text(y, m, 1)) + 1)
}
function addMonths(date: string, months: bigint): string {
  const [y, m, d] = parts(date)
  const all = BigInt(y * 12 + m - 1) + months
  if (all < 12n || all > 119999n) return fail('out of the calendar')
  const [year, month] = [Number(all / 12n), Number(all % 12n) + 1]
  return text(year, month, Math.min(d, monthLength(year, month)))
}
function addDays(date: string, days: bigint): string {
  const day = BigInt(dayOf(date)) + days
  return day < 0n || day > 3652058n ? fail('out of the calendar') : dateAt(Number(day))
}
function monthsBetween(a: string, b: string): number {
  const [x, y] = [parts(a), parts(b)]
  const months = (y[0] - x[0]) * 12 + y[1] - x[1]
  if (months > 0 && y[2] < x[2]) return months - 1
  return months < 0 && y[2] > x[2] ? months + 1 : months
}

const whole = (n: number): Num => ({ n: BigInt(n), s: 0 })
const num = (value: Value): Num => (isNum(value) ? value : fail(`no number: ${JSON.stringify(value)}`))

/** Letters of the ranges in which every Unicode agrees, one to one. */
function changeCase(value: string, upper: boolean): string {
  const ranges = [
    [0x41, 0x7a],
    [0xc0, 0x17f],
    [0x370, 0x3ff],
    [0x400, 0x52f],
    [0xff21, 0xff5a],
  ] as const
  const inside = (c: string) =>
    ranges.some(([from, to]) => c.codePointAt(0)! >= from && c.codePointAt(0)! <= to)
  return [...value]
    .map((c) => {
      const other = upper ? c.toUpperCase() : c.toLowerCase()
      const back = upper ? other.toLowerCase() : other.toUpperCase()
      const big = upper ? other : c
      return inside(c) && inside(big) && other.length === 1 && back === c ? other : c
    })
    .join('')
}

type Compute = (operands: readonly Json[], names: Names) => Value

function compute(rule: Json, names: Names): Value {
  if (Array.isArray(rule)) return rule.map((one) => compute(one, names))
  if (typeof rule === 'number') return number(String(rule))
  if (typeof rule !== 'object' || rule === null) return rule
  const [name, operand] = Object.entries(rule)[0]!
  if (name === 'dec') return number(operand as string)
  const operator = operators[name]
  if (!operator) throw new TypeError(`the reference does not know ${name}`)
  return operator(Array.isArray(operand) ? operand : [operand!], names)
}

const strict =
  (make: (...values: Value[]) => Value): Compute =>
  (operands, names) =>
    make(...operands.map((one) => compute(one, names)))
const fold = (make: (a: Num, b: Num) => Num) => strict((...values) => inRange(values.map(num).reduce(make)))
const ordered = (holds: (order: number) => boolean) =>
  strict((...values) => values.slice(1).every((value, i) => holds(compare(values[i]!, value))))

function path(name: string, names: Names): Value {
  const [first, ...rest] = name.split('.')
  let value: Value = names.get(first!)?.() ?? null
  for (const step of rest) {
    if (value === null || typeof value !== 'object') return null
    if ('row' in value) value = value.row.get(step)?.() ?? null
    else if ('from' in value) value = step === 'from' ? value.from : value.to
    else value = null
  }
  return value
}

const entriesOf = (rule: Json, names: Names): readonly Value[] =>
  (compute(rule, names) ?? []) as readonly Value[]
const withName = (names: Names, name: string, value: Value): Names => new Map([...names, [name, () => value]])
/** The scope of plain JSON-logic: the entry's fields, or the entry itself under no name. */
const alone = (entry: Value): Names =>
  typeof entry === 'object' && entry !== null && 'row' in entry ? entry.row : new Map([['', () => entry]])

/** Over the entries, with the body's operands computed for each: `[list, body]` or `[list, name, bodies…]`. */
function each(operands: readonly Json[], names: Names): { entry: Value; body: (index: number) => Value }[] {
  const [list, name, ...rest] = operands
  const named = typeof name === 'string' && rest.length > 0
  return entriesOf(list!, names).map((entry) => {
    const inside = named ? withName(names, name, entry) : alone(entry)
    const bodies = named ? rest : [name!, ...rest]
    return { entry, body: (index) => compute(bodies[index]!, inside) }
  })
}
const tests = (operands: readonly Json[], names: Names) =>
  each(operands, names).map((one) => one.body(0) === true)

/** The values that sum, avg, min and max take. */
function values(operands: readonly Json[], names: Names): readonly Value[] {
  if (operands.length === 1) return entriesOf(operands[0]!, names)
  const rows = each(operands, names)
  if (operands.length === 3) return rows.map((one) => one.body(0))
  return rows.flatMap((one) => (one.body(0) === true ? [one.body(1)] : []))
}
const extreme =
  (sign: number): Compute =>
  (operands, names) =>
    values(operands, names).reduce<Value>(
      (best, value) => (best === null || sign * compare(value, best) > 0 ? value : best),
      null,
    )
const over =
  (list: Compute, plain: Compute): Compute =>
  (operands, names) =>
    (typeof operands[1] === 'string' && operands.length > 2 ? list : plain)(operands, names)

function missingOf(paths: readonly Json[], names: Names): string[] {
  return (paths as string[]).filter((one) => [null, ''].includes(path(one, names) as null | string))
}

const operators: Readonly<Record<string, Compute>> = {
  var: ([name, otherwise], names) => {
    const value = path(String(name ?? ''), names)
    return value === null && otherwise !== undefined ? compute(otherwise, names) : value
  },
  '+': fold(add),
  '-': strict((a, b) =>
    inRange(b === undefined ? { ...num(a!), n: -num(a!).n } : add(num(a!), { ...num(b), n: -num(b).n })),
  ),
  '*': fold((a, b) => ({ n: a.n * b.n, s: a.s + b.s })),
  '/': strict((a, b) => inRange(quotient(num(a!), num(b!), 10, 'half_up'))),
  div: strict((a, b, s, mode) => inRange(quotient(num(a!), num(b!), Number(num(s!).n), mode as string))),
  mod: strict((a, b) => {
    const [x, y, s] = pair(num(a!), num(b!))
    return y === 0n ? fail('division by zero') : { n: x % y, s }
  }),
  round: strict((x, s, mode) =>
    inRange(rounded(num(x!), s === undefined ? 0 : Number(num(s).n), (mode ?? 'half_up') as string)),
  ),
  floor: strict((x, s) => inRange(rounded(num(x!), s === undefined ? 0 : Number(num(s).n), 'floor'))),
  ceil: strict((x, s) => inRange(rounded(num(x!), s === undefined ? 0 : Number(num(s).n), 'ceil'))),
  abs: strict((x) => ({ ...num(x!), n: num(x!).n < 0n ? -num(x!).n : num(x!).n })),
  neg: strict((x) => ({ ...num(x!), n: -num(x!).n })),
  min: over(
    extreme(-1),
    strict((...all) => all.reduce((a, b) => (compare(b, a) < 0 ? b : a))),
  ),
  max: over(
    extreme(1),
    strict((...all) => all.reduce((a, b) => (compare(b, a) > 0 ? b : a))),
  ),
  '==': strict((a, b) => same(a!, b!)),
  '!=': strict((a, b) => !same(a!, b!)),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  between: strict((x, low, high) => compare(low!, x!) <= 0 && compare(x!, high!) <= 0),
  and: (operands, names) => operands.every((one) => compute(one, names) === true),
  or: (operands, names) => operands.some((one) => compute(one, names) === true),
  '!': strict((x) => x !== true),
  '!!': strict((x) =>
    isNum(x!) ? x.n !== 0n : Array.isArray(x) ? x.length > 0 : x !== null && x !== false && x !== '',
  ),
  if: (operands, names) => {
    let i = 0
    for (; i + 1 < operands.length; i += 2)
      if (compute(operands[i]!, names) === true) return compute(operands[i + 1]!, names)
    return i < operands.length ? compute(operands[i]!, names) : null
  },
  '??': (operands, names) => {
    for (const one of operands) {
      const value = compute(one, names)
      if (value !== null) return value
    }
    return null
  },
  exists: strict((x) => x !== null),
  empty: strict((x) => x === null || x === '' || (Array.isArray(x) && x.length === 0)),
  cat: strict((...all) => all.map((one) => (isNum(one) ? showNumber(one) : String(one))).join('')),
  len: strict((x) => whole([...(x as string)].length)),
  lower: strict((x) => changeCase(x as string, false)),
  upper: strict((x) => changeCase(x as string, true)),
  substr: strict((x, start, length) => {
    const all = [...(x as string)]
    const from = Number(num(start!).n)
    const rest = from < 0 ? all.slice(Math.max(0, all.length + from)) : all.slice(from)
    if (length === undefined) return rest.join('')
    const n = Number(num(length).n)
    return (n < 0 ? rest.slice(0, Math.max(0, rest.length + n)) : rest.slice(0, n)).join('')
  }),
  contains: strict((a, b) => part(b!, a!)),
  in: strict((a, b) => part(a!, b!)),
  startsWith: strict((a, b) => [...(b as string)].every((c, i) => [...(a as string)][i] === c)),
  date_add: strict((d, n, unit) => {
    const amount = num(n!).n
    if (unit === 'day') return addDays(d as string, amount)
    return addMonths(d as string, unit === 'year' ? amount * 12n : amount)
  }),
  date_diff: strict((a, b, unit = 'day') => {
    if (unit === 'day') return whole(dayOf(b as string) - dayOf(a as string))
    const months = monthsBetween(a as string, b as string)
    return whole(unit === 'month' ? months : Math.trunc(months / 12))
  }),
  year: strict((d) => whole(parts(d as string)[0])),
  month: strict((d) => whole(parts(d as string)[1])),
  quarter: strict((d) => whole(Math.floor((parts(d as string)[1] + 2) / 3))),
  date_part: strict((d, unit) => {
    const [y, m, day] = parts(d as string)
    if (unit === 'year_day') return whole(dayOf(d as string) - dayOf(text(y, 1, 1)) + 1)
    // 0001-01-01 was a Monday.
    if (unit === 'week_day') return whole((dayOf(d as string) % 7) + 1)
    return whole(
      unit === 'year' ? y : unit === 'month' ? m : unit === 'quarter' ? Math.floor((m + 2) / 3) : day,
    )
  }),
  period: strict((from, to) =>
    (from as string) < (to as string)
      ? { from: from as string, to: to as string }
      : fail('ends before it begins'),
  ),
  missing: (operands, names) => missingOf(Array.isArray(operands[0]) ? operands[0] : operands, names),
  missing_some: ([least, paths], names) => {
    const lacking = missingOf(paths as Json[], names)
    const there = (paths as Json[]).length - lacking.length
    return BigInt(there) >= num(compute(least!, names)).n ? [] : lacking
  },
  count: (operands, names) =>
    whole(
      operands.length === 1
        ? entriesOf(operands[0]!, names).length
        : tests(operands, names).filter(Boolean).length,
    ),
  sum: (operands, names) => inRange(values(operands, names).map(num).reduce(add, whole(0))),
  avg: (operands, names) => {
    const all = values(operands.slice(0, -2), names).map(num)
    const [scale, mode] = operands.slice(-2)
    return all.length === 0
      ? null
      : inRange(quotient(all.reduce(add), whole(all.length), Number(scale), mode as string))
  },
  min_of: extreme(-1),
  max_of: extreme(1),
  any: (operands, names) => tests(operands, names).some(Boolean),
  some: (operands, names) => tests(operands, names).some(Boolean),
  none: (operands, names) => !tests(operands, names).some(Boolean),
  all: (operands, names) => {
    const found = tests(operands, names)
    return found.length > 0 && found.every(Boolean)
  },
  map: (operands, names) => each(operands, names).map((one) => one.body(0)),
  filter: (operands, names) =>
    each(operands, names).flatMap((one) => (one.body(0) === true ? [one.entry] : [])),
  reduce: (operands, names) => {
    const initial = compute(operands.at(-1)!, names)
    const [list, entry, sofar] =
      operands.length === 3 ? [operands[0]!, 'current', 'accumulator'] : (operands as [Json, string, string])
    const outer: Names = operands.length === 3 ? new Map() : names
    return entriesOf(list, names).reduce<Value>(
      (value, one) => compute(operands.at(-2)!, withName(withName(outer, entry, one), sofar, value)),
      initial,
    )
  },
  merge: strict((...all) => all.flat() as Value[]),
  sort: (operands, names) => {
    const down = operands.at(-1) === 'desc'
    const given = ['asc', 'desc'].includes(operands.at(-1) as string) ? operands.slice(0, -1) : operands
    const rows =
      given.length === 1
        ? entriesOf(given[0]!, names).map((entry) => ({ entry, key: entry }))
        : each(given, names).map((one) => ({ entry: one.entry, key: one.body(0) }))
    const order = (a: Value, b: Value) =>
      typeof a === 'string' && typeof b === 'string' ? compareTexts(a, b) : compare(a, b)
    return rows.sort((a, b) => (down ? order(b.key, a.key) : order(a.key, b.key))).map((one) => one.entry)
  },
  try: (operands, names) => {
    for (const [i, one] of operands.entries()) {
      try {
        return compute(one, names)
      } catch (error) {
        if (!(error instanceof ReferenceFailure) || i === operands.length - 1) throw error
      }
    }
    return null
  },
}

function compareTexts(a: string, b: string): number {
  const [x, y] = [[...a], [...b]]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!
    if (order !== 0) return order
  }
  return x.length - y.length
}

function part(piece: Value, all: Value): boolean {
  if (typeof all === 'string') return all.includes(piece as string)
  if (Array.isArray(all)) return all.some((one) => same(one, piece))
  const { from, to } = all as Span
  return (piece as string) >= from && (to === null || (piece as string) < to)
}

/** The operators that the reference computes. */
export const referenceOperators: readonly string[] = Object.keys(operators)
