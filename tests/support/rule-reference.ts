import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'
import { bandOperators } from './reference/bands.ts'
import { calendarOperators } from './reference/calendars.ts'
import { addDays, addMonths, dateText, dayOf, monthsBetween, partsOf } from './reference/dates.ts'
import { changeCase, nameOperators } from './reference/names.ts'
import { computeTable, tableOperators } from './reference/tables.ts'
import {
  add,
  type Compute,
  compare,
  fail,
  inRange,
  isNum,
  type Num,
  namesOf,
  num,
  number,
  pair,
  quotient,
  ReferenceFailure,
  type ReferenceWorld,
  read,
  rounded,
  type Sight,
  type Span,
  same,
  show,
  showNumber,
  type Value,
  whole,
} from './reference/values.ts'

export {
  ReferenceFailure,
  type ReferenceWorld,
  readMoment,
  showMoment,
  showNumber,
} from './reference/values.ts'

// What rules mean, written a second time in the plainest way there is: straight over the JSON, numbers as fractions
// of BigInt, lists as lists. It shares nothing with the evaluator, knows no types but those of the data, and is slow.

/** The value as JSON: exact numbers as text without trailing zeros, moments with six digits. Throws ReferenceFailure. */
export function computeByReference(
  rule: Json,
  data: Json,
  fields: Readonly<Record<string, RuleType>>,
  world: ReferenceWorld,
): Json {
  return show(compute(rule, { names: namesOf(data as Record<string, Json>, fields), world }))
}

function compute(rule: Json, sight: Sight): Value {
  if (Array.isArray(rule)) return rule.map((one) => compute(one, sight))
  if (typeof rule === 'number') return number(String(rule))
  if (typeof rule !== 'object' || rule === null) return rule
  const [name, operand] = Object.entries(rule)[0]!
  if (name === 'dec') return number(operand as string)
  const operator = operators[otherNames[name] ?? name]
  if (!operator) throw new TypeError(`the reference does not know ${name}`)
  return operator(Array.isArray(operand) ? operand : [operand!], sight)
}

/** Other spellings with the same meaning. */
const otherNames: Readonly<Record<string, string>> = { '===': '==', '!==': '!=', '?:': 'if', '%': 'mod' }

const strict =
  (make: (...values: Value[]) => Value): Compute =>
  (operands, sight) =>
    make(...operands.map((one) => compute(one, sight)))
const fold = (make: (a: Num, b: Num) => Num) => strict((...values) => inRange(values.map(num).reduce(make)))
const ordered = (holds: (order: number) => boolean) =>
  strict((...values) => values.slice(1).every((value, i) => holds(compare(values[i]!, value))))

function path(name: string, sight: Sight): Value {
  const [first, ...rest] = name.split('.')
  let value: Value = sight.names.get(first!)?.() ?? null
  for (const step of rest) {
    if (value === null || typeof value !== 'object') return null
    if (Array.isArray(value)) value = (value as readonly Value[])[Number(step)] ?? null
    else if ('row' in value) value = value.row.get(step)?.() ?? null
    else if ('from' in value) value = step === 'from' ? value.from : value.to
    else value = null
  }
  return value
}

const entriesOf = (rule: Json, sight: Sight): readonly Value[] =>
  (compute(rule, sight) ?? []) as readonly Value[]
const withName = (sight: Sight, name: string, value: Value): Sight => ({
  ...sight,
  names: new Map([...sight.names, [name, () => value]]),
})
/** The scope of plain JSON-logic: the entry's fields, or the entry itself under no name. */
const alone = (entry: Value, { world }: Sight): Sight => ({
  names:
    typeof entry === 'object' && entry !== null && 'row' in entry ? entry.row : new Map([['', () => entry]]),
  world,
})

/** Over the entries, with the body's operands computed for each: `[list, body]` or `[list, name, bodies…]`. */
function each(operands: readonly Json[], sight: Sight): { entry: Value; body: (index: number) => Value }[] {
  const [list, name, ...rest] = operands
  const named = typeof name === 'string' && rest.length > 0
  return entriesOf(list!, sight).map((entry) => {
    const inside = named ? withName(sight, name, entry) : alone(entry, sight)
    const bodies = named ? rest : [name!, ...rest]
    return { entry, body: (index) => compute(bodies[index]!, inside) }
  })
}
const tests = (operands: readonly Json[], sight: Sight) =>
  each(operands, sight).map((one) => one.body(0) === true)

/** The values that sum, avg, min and max take. */
function values(operands: readonly Json[], sight: Sight): readonly Value[] {
  if (operands.length === 1) return entriesOf(operands[0]!, sight)
  const rows = each(operands, sight)
  if (operands.length === 3) return rows.map((one) => one.body(0))
  return rows.flatMap((one) => (one.body(0) === true ? [one.body(1)] : []))
}
const extreme =
  (sign: number): Compute =>
  (operands, sight) =>
    values(operands, sight).reduce<Value>(
      (best, value) => (best === null || sign * compare(value, best) > 0 ? value : best),
      null,
    )
const over =
  (list: Compute, plain: Compute): Compute =>
  (operands, sight) =>
    (typeof operands[1] === 'string' && operands.length > 2 ? list : plain)(operands, sight)

function missingOf(paths: readonly Json[], sight: Sight): string[] {
  return (paths as string[]).filter((one) => [null, ''].includes(path(one, sight) as null | string))
}

/** A number with the places of its type, which `split` keeps to. */
function inPlaces(value: Value, type: RuleType): Value {
  return isNum(value) && type.t === 'dec' ? add(value, { n: 0n, s: type.scale }) : value
}

/** Inputs are worked out first: one that fails fails the call. An input that is not given is empty. */
function callRule([key, given, pick]: readonly Json[], sight: Sight): Value {
  const rule = sight.world.rules.get(String(key))
  if (!rule) throw new TypeError(`no rule ${String(key)}`)
  const inputs = rule.inputs.map(({ name, type }) => {
    const value = inPlaces(compute((given as JsonObject | undefined)?.[name] ?? null, sight), type)
    return [name, () => value] as const
  })
  const inside: Sight = { ...sight, names: new Map(inputs) }
  return 'table' in rule.body
    ? computeTable(rule.body.table, typeof pick === 'string' ? pick : null, inside, compute)
    : compute(rule.body.rule, inside)
}

/** The record of which every field of the key has the value; an empty part of a key is the key of none. */
function lookUp([object, key, field]: readonly Json[], sight: Sight): Value {
  const found = sight.world.records.get(String(object))
  if (!found) throw new TypeError(`no object ${String(object)}`)
  const { fields, rows } = found
  const wanted = Object.entries(key as JsonObject).map(
    ([name, rule]) => [name, compute(rule, sight)] as const,
  )
  const record = rows.find((row) =>
    wanted.every(([name, value]) => value !== null && same(value, read(row[name] ?? null, fields[name]!))),
  )
  return record ? read(record[String(field)] ?? null, fields[String(field)]!) : null
}

const operators: Readonly<Record<string, Compute>> = {
  ...bandOperators(compute),
  ...calendarOperators(compute),
  ...nameOperators(compute),
  ...tableOperators(compute),
  rule: callRule,
  lookup: lookUp,
  var: ([name, otherwise], sight) => {
    const value = path(String(name ?? ''), sight)
    return value === null && otherwise !== undefined ? compute(otherwise, sight) : value
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
  and: (operands, sight) => operands.every((one) => compute(one, sight) === true),
  or: (operands, sight) => operands.some((one) => compute(one, sight) === true),
  '!': strict((x) => x !== true),
  '!!': strict((x) =>
    isNum(x!) ? x.n !== 0n : Array.isArray(x) ? x.length > 0 : x !== null && x !== false && x !== '',
  ),
  if: (operands, sight) => {
    let i = 0
    for (; i + 1 < operands.length; i += 2)
      if (compute(operands[i]!, sight) === true) return compute(operands[i + 1]!, sight)
    return i < operands.length ? compute(operands[i]!, sight) : null
  },
  '??': (operands, sight) => {
    for (const one of operands) {
      const value = compute(one, sight)
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
  year: strict((d) => whole(partsOf(d as string)[0])),
  month: strict((d) => whole(partsOf(d as string)[1])),
  quarter: strict((d) => whole(Math.floor((partsOf(d as string)[1] + 2) / 3))),
  date_part: strict((d, unit) => {
    const [y, m, day] = partsOf(d as string)
    if (unit === 'year_day') return whole(dayOf(d as string) - dayOf(dateText(y, 1, 1)) + 1)
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
  missing: (operands, sight) => missingOf(Array.isArray(operands[0]) ? operands[0] : operands, sight),
  missing_some: ([least, paths], sight) => {
    const lacking = missingOf(paths as Json[], sight)
    const there = (paths as Json[]).length - lacking.length
    return BigInt(there) >= num(compute(least!, sight)).n ? [] : lacking
  },
  count: (operands, sight) =>
    whole(
      operands.length === 1
        ? entriesOf(operands[0]!, sight).length
        : tests(operands, sight).filter(Boolean).length,
    ),
  sum: (operands, sight) => inRange(values(operands, sight).map(num).reduce(add, whole(0))),
  avg: (operands, sight) => {
    const all = values(operands.slice(0, -2), sight).map(num)
    const [scale, mode] = operands.slice(-2)
    return all.length === 0
      ? null
      : inRange(quotient(all.reduce(add), whole(all.length), Number(scale), mode as string))
  },
  min_of: extreme(-1),
  max_of: extreme(1),
  any: (operands, sight) => tests(operands, sight).some(Boolean),
  some: (operands, sight) => tests(operands, sight).some(Boolean),
  none: (operands, sight) => !tests(operands, sight).some(Boolean),
  all: (operands, sight) => {
    const found = tests(operands, sight)
    return found.length > 0 && found.every(Boolean)
  },
  map: (operands, sight) => each(operands, sight).map((one) => one.body(0)),
  filter: (operands, sight) =>
    each(operands, sight).flatMap((one) => (one.body(0) === true ? [one.entry] : [])),
  reduce: (operands, sight) => {
    const initial = compute(operands.at(-1)!, sight)
    const [list, entry, sofar] =
      operands.length === 3 ? [operands[0]!, 'current', 'accumulator'] : (operands as [Json, string, string])
    const outer: Sight = operands.length === 3 ? { ...sight, names: new Map() } : sight
    return entriesOf(list, sight).reduce<Value>(
      (value, one) => compute(operands.at(-2)!, withName(withName(outer, entry, one), sofar, value)),
      initial,
    )
  },
  merge: strict((...all) => all.flat() as Value[]),
  sort: (operands, sight) => {
    const down = operands.at(-1) === 'desc'
    const given = ['asc', 'desc'].includes(operands.at(-1) as string) ? operands.slice(0, -1) : operands
    const rows =
      given.length === 1
        ? entriesOf(given[0]!, sight).map((entry) => ({ entry, key: entry }))
        : each(given, sight).map((one) => ({ entry: one.entry, key: one.body(0) }))
    const order = (a: Value, b: Value) =>
      typeof a === 'string' && typeof b === 'string' ? compareTexts(a, b) : compare(a, b)
    return rows.sort((a, b) => (down ? order(b.key, a.key) : order(a.key, b.key))).map((one) => one.entry)
  },
  try: (operands, sight) => {
    for (const [i, one] of operands.entries()) {
      try {
        return compute(one, sight)
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
