import type { CalendarDefinition } from '@channelwright/runtime/definition/calendar.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { NamedRule, RuleType } from '@channelwright/runtime/logic/types.ts'

/** n / 10^s. */
export interface Num {
  readonly n: bigint
  readonly s: number
}
export interface Span {
  readonly from: string
  readonly to: string | null
}
/** Microseconds since 1970. */
export interface Moment {
  readonly micros: bigint
}
export type Value =
  | null
  | boolean
  | string
  | Num
  | Span
  | Moment
  | readonly Value[]
  | { readonly row: Names; readonly raw: Json }
export type Names = ReadonlyMap<string, () => Value>

/** What rules name besides what they read. */
export interface ReferenceWorld {
  readonly rules: ReadonlyMap<string, NamedRule>
  readonly calendars: ReadonlyMap<string, CalendarDefinition>
  /** The records of each object, with the types of their fields. */
  readonly records: ReadonlyMap<
    string,
    { readonly fields: Readonly<Record<string, RuleType>>; readonly rows: readonly JsonObject[] }
  >
}

/** What is in sight of a rule. */
export interface Sight {
  readonly names: Names
  readonly world: ReferenceWorld
}
export type Compute = (operands: readonly Json[], sight: Sight) => Value
export type Run = (rule: Json, sight: Sight) => Value

/** The rule cannot be computed: division by zero, 10^20 and more, no such date. */
export class ReferenceFailure extends Error {}

export const fail = (why: string): never => {
  throw new ReferenceFailure(why)
}

export const isNum = (value: Value): value is Num =>
  typeof value === 'object' && value !== null && 'n' in value
export const isMoment = (value: Value): value is Moment =>
  typeof value === 'object' && value !== null && 'micros' in value

export function show(value: Value): Json {
  if (Array.isArray(value)) return value.map(show)
  if (isNum(value)) return showNumber(value)
  if (isMoment(value)) return showMoment(value)
  if (typeof value === 'object' && value !== null && 'row' in value) return value.raw
  return value as Json
}

/** The shortest text that says the number. */
export function showNumber({ n, s }: Num): string {
  const digits = (n < 0n ? -n : n).toString().padStart(s + 1, '0')
  const [whole, part] = [
    digits.slice(0, digits.length - s),
    digits.slice(digits.length - s).replace(/0+$/, ''),
  ]
  const text = part === '' ? whole : `${whole}.${part}`
  return n < 0n ? `-${text}` : text
}

export function number(text: string): Num {
  const [whole = '', part = ''] = text.split('.')
  return { n: BigInt(whole + part), s: part.length }
}

const minute = 60_000_000n

/** `2026-03-06T16:00:00.5+08:00`; the language's own reading of dates serves, which nothing else here does. */
export function readMoment(text: string): Moment {
  const [, seconds = '', fraction = '', zone = 'Z'] =
    /^([^.Z+]{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  const ahead = zone === 'Z' ? 0n : BigInt(Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
  const utc = BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'))
  return { micros: utc - (zone.startsWith('-') ? -ahead : ahead) * minute }
}

/** In UTC with all six digits. */
export function showMoment({ micros }: Moment): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(rest).padStart(6, '0')}Z`
}

export function namesOf(
  data: Readonly<Record<string, Json>>,
  fields: Readonly<Record<string, RuleType>>,
): Names {
  return new Map(Object.entries(fields).map(([key, type]) => [key, () => read(data[key] ?? null, type)]))
}

export function read(value: Json, type: RuleType): Value {
  if (value === null) return null
  if (type.t === 'int' || type.t === 'dec') return number(String(value))
  if (type.t === 'instant') return readMoment(String(value))
  if (type.t === 'list') return (value as Json[]).map((one) => read(one, type.of))
  if (type.t === 'obj')
    return { raw: value, row: namesOf(value as Record<string, Json>, Object.fromEntries(type.fields)) }
  return value as Value
}

export const whole = (n: number): Num => ({ n: BigInt(n), s: 0 })
export const num = (value: Value): Num =>
  isNum(value) ? value : fail(`no number: ${JSON.stringify(show(value))}`)
export const moment = (value: Value): Moment =>
  typeof value === 'string' ? readMoment(value) : isMoment(value) ? value : fail('no moment')

export const ten = (s: number) => 10n ** BigInt(s)
const at = (x: Num, s: number) => x.n * ten(s - x.s)
export function pair(a: Num, b: Num): [bigint, bigint, number] {
  const s = Math.max(a.s, b.s)
  return [at(a, s), at(b, s), s]
}
export function inRange(x: Num): Num {
  const size = x.n < 0n ? -x.n : x.n
  return size >= ten(20 + x.s) ? fail('10^20') : x
}
export function add(a: Num, b: Num): Num {
  const [x, y, s] = pair(a, b)
  return { n: x + y, s }
}
export const minus = (x: Num): Num => ({ n: -x.n, s: x.s })
export const times = (a: Num, b: Num): Num => ({ n: a.n * b.n, s: a.s + b.s })

export const compare = (a: Value, b: Value): number => {
  if (isNum(a) && isNum(b)) {
    const [x, y] = pair(a, b)
    return x < y ? -1 : x > y ? 1 : 0
  }
  if (isMoment(a) || isMoment(b)) {
    const [x, y] = [moment(a).micros, moment(b).micros]
    return x < y ? -1 : x > y ? 1 : 0
  }
  return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0
}
export function same(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b
  if (isNum(a) && isNum(b)) return compare(a, b) === 0
  if (isMoment(a) || isMoment(b)) return compare(a, b) === 0
  return isNum(a) === isNum(b) && JSON.stringify(show(a)) === JSON.stringify(show(b))
}

/** a / b as a whole number. */
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
/** a / b to `s` places. */
export function quotient(a: Num, b: Num, s: number, mode: string): Num {
  if (b.n === 0n) fail('division by zero')
  return { n: divide(a.n * ten(s + b.s), b.n * ten(a.s), mode), s }
}
export const rounded = (x: Num, s: number, mode: string): Num =>
  x.s <= s ? x : { n: divide(x.n, ten(x.s - s), mode), s }
