import type { Json } from '../../json.ts'
import { isDate, normaliseInstant } from '../calendar.ts'
import { decimalFromNumber, parseDecimal } from '../decimal.ts'
import { isNumeric, scaleOf } from '../rule-type.ts'
import { shiftUnits, type Units } from '../scaled.ts'
import type { RuleType } from '../types.ts'
import type { RuleValue } from '../value.ts'
import { CellProblem, type CellToken, readTokens } from './tokens.ts'

export { CellProblem } from './tokens.ts'

/** A value that a cell compares with: units at `Cell.scale`, a date or an instant as text, a text, a truth. */
export type CellValue = Units | string | boolean

/** A stretch of an ordered type; `null` is no edge on that side. */
export interface CellRange {
  readonly low: CellValue | null
  readonly lowIn: boolean
  readonly high: CellValue | null
  readonly highIn: boolean
}

/**
 * What a cell takes, in one form for every way to write it: evaluation, SQL and analysis read this and nothing else.
 * `empty` tells whether it takes an empty value.
 */
export type Cell =
  | { readonly kind: 'any' }
  /** Numbers, dates, moments: stretches in order that neither overlap nor touch. */
  | { readonly kind: 'ranges'; readonly ranges: readonly CellRange[]; readonly empty: boolean }
  /** Texts, choices, truths, references: these values, or with `except` all but these. */
  | {
      readonly kind: 'values'
      readonly values: readonly CellValue[]
      readonly except: boolean
      readonly empty: boolean
    }

export const anyCell: Cell = { kind: 'any' }

/** What a column of inputs compares: its type, and the scale at which its numbers are read. */
export interface CellColumn {
  readonly type: RuleType
  readonly scale: number
}

/** Types that a column of conditions can have. */
export function isCellType(type: RuleType): boolean {
  return isOrdered(type) || type.t === 'str' || type.t === 'bool' || type.t === 'ref' || type.t === 'user'
}

/** Whether cells of the type may speak of less and more. */
export function isOrdered(type: RuleType): boolean {
  return isNumeric(type) || type.t === 'date' || type.t === 'instant'
}

const problem = (en: string, zh: string): CellProblem => new CellProblem({ en, zh })

/**
 * Reads a cell. As text: blank or `-` any · `gold` or `= gold` · `gold | silver` · `!= gold` · `not gold | silver` ·
 * `>= 100000 & < 500000` · `[a..b)` · `null` (empty) · `"quoted"` where a text holds such signs. A number or a truth
 * stands for itself, a list for its entries.
 */
export function readCell(cell: Json, column: CellColumn): Cell | CellProblem {
  if (cell === null) return anyCell
  if (Array.isArray(cell))
    return joinCells(
      cell.map((entry) => readEntry(entry, column)),
      column,
    )
  if (typeof cell === 'object') return problem('a condition is written as text', '条件须写成文本')
  if (typeof cell !== 'string') return readEntry(cell, column)
  const tokens = readTokens(cell)
  if (tokens instanceof CellProblem) return tokens
  if (tokens.length === 0) return anyCell
  const reader = new CellReader(tokens, column)
  return reader.read()
}

/** An entry of a list, or a whole cell that is no text: the value itself. */
function readEntry(entry: Json, column: CellColumn): Cell | CellProblem {
  if (entry === null) return emptyOnly(column)
  const value = readValue(entry, column)
  return value instanceof CellProblem ? value : equalTo(value, column)
}

function joinCells(cells: readonly (Cell | CellProblem)[], column: CellColumn): Cell | CellProblem {
  let all: Cell = noCell(column)
  for (const cell of cells) {
    if (cell instanceof CellProblem) return cell
    all = unite(all, cell)
  }
  return all
}

/** A value of the column's type as written. */
function readValue(raw: Json, { type, scale }: CellColumn): CellValue | CellProblem {
  switch (type.t) {
    case 'int':
    case 'dec': {
      const number =
        typeof raw === 'number' ? decimalFromNumber(raw) : typeof raw === 'string' ? parseNumber(raw) : null
      if (!number) return problem('a number is needed', '需要数字')
      if (number.scale > scale) {
        return problem(`the column has at most ${scale} digits after the point`, `该列最多 ${scale} 位小数`)
      }
      return shiftUnits(number.units, scale - number.scale)
    }
    case 'date':
      return typeof raw === 'string' && isDate(raw)
        ? raw
        : problem('a date such as 2026-01-31 is needed', '需要日期,例如 2026-01-31')
    case 'instant':
      return (
        (typeof raw === 'string' && normaliseInstant(raw)) ||
        problem('a moment such as 2026-01-31T09:00:00Z is needed', '需要时刻,例如 2026-01-31T09:00:00Z')
      )
    case 'bool': {
      if (typeof raw === 'boolean') return raw
      if (raw === 'true' || raw === 'false') return raw === 'true'
      return problem('true or false is needed', '需要 true 或 false')
    }
    case 'str': {
      if (typeof raw !== 'string') return problem('a text is needed', '需要文本')
      const text = raw.normalize('NFC')
      if (!type.enum || type.enum.includes(text)) return text
      return new CellProblem({ en: 'it is none of the choices', zh: '不在选项之内' }, text)
    }
    case 'ref':
    case 'user':
      return typeof raw === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(raw)
        ? raw.toLowerCase()
        : problem('the id of a record is needed', '需要记录的标识')
    default:
      return problem('this kind of value cannot be a condition', '该类型的值不能作为条件')
  }
}

/** Numbers in cells may group their digits and end in %. */
function parseNumber(text: string) {
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?%?$/.test(text) ? text.replaceAll(',', '') : text
  if (!plain.endsWith('%')) return parseDecimal(plain)
  const number = parseDecimal(plain.slice(0, -1))
  return number && { units: number.units, scale: number.scale + 2 }
}

class CellReader {
  private at = 0
  constructor(
    private readonly tokens: readonly CellToken[],
    private readonly column: CellColumn,
  ) {}

  read(): Cell | CellProblem {
    const cell = this.readAlternatives()
    if (cell instanceof CellProblem || this.at === this.tokens.length) return cell
    return problem(
      `"${this.tokens[this.at]!.text}" is not expected here`,
      `此处不应出现"${this.tokens[this.at]!.text}"`,
    )
  }

  /** `a | b | c`, or `not` before all of them. */
  private readAlternatives(): Cell | CellProblem {
    if (this.take('not')) {
      const inner = this.readAlternatives()
      return inner instanceof CellProblem ? inner : negate(inner, this.column)
    }
    let all = this.readTogether()
    while (!(all instanceof CellProblem) && this.take('|')) {
      const next = this.readTogether()
      all = next instanceof CellProblem ? next : unite(all, next)
    }
    return all
  }

  /** `>= 1 & < 5`. */
  private readTogether(): Cell | CellProblem {
    let all = this.readTest()
    while (!(all instanceof CellProblem) && this.take('&')) {
      const next = this.readTest()
      all = next instanceof CellProblem ? next : intersect(all, next, this.column)
    }
    return all
  }

  private readTest(): Cell | CellProblem {
    const token = this.tokens[this.at]
    if (!token) return problem('something is missing at the end', '末尾缺少内容')
    this.at += 1
    if (token.kind === 'value') return this.testOf('=', token)
    if (token.text === '(' && this.tokens[this.at + 1]?.text !== '..') {
      const inner = this.readAlternatives()
      if (inner instanceof CellProblem) return inner
      return this.take(')') ? inner : problem('")" is missing', '缺少")"')
    }
    if (token.text === '[' || token.text === '(') return this.readInterval(token.text === '[')
    const value = this.tokens[this.at]
    if (!['=', '!=', '<', '<=', '>', '>='].includes(token.text) || value?.kind !== 'value') {
      return problem(`"${token.text}" is not expected here`, `此处不应出现"${token.text}"`)
    }
    this.at += 1
    return this.testOf(token.text, value)
  }

  /** `[a..b)` after its first bracket. */
  private readInterval(lowIn: boolean): Cell | CellProblem {
    const [low, , high, close] = this.tokens.slice(this.at, this.at + 4)
    if (
      low?.kind !== 'value' ||
      this.tokens[this.at + 1]?.text !== '..' ||
      high?.kind !== 'value' ||
      (close?.text !== ']' && close?.text !== ')')
    ) {
      return problem('an interval is written [from..to)', '区间须写成 [起..止)')
    }
    this.at += 4
    const [from, to] = [
      this.testOf(lowIn ? '>=' : '>', low),
      this.testOf(close.text === ']' ? '<=' : '<', high),
    ]
    if (from instanceof CellProblem) return from
    return to instanceof CellProblem ? to : intersect(from, to, this.column)
  }

  private testOf(sign: string, token: CellToken): Cell | CellProblem {
    const { column } = this
    if (token.word === 'null' || token.word === 'empty') {
      const empty = emptyOnly(column)
      if (sign === '=') return empty
      return sign === '!=' ? negate(empty, column) : problem('empty has no order', '空值没有大小')
    }
    const value = readValue(token.text, column)
    if (value instanceof CellProblem) return value
    if (sign === '=') return equalTo(value, column)
    if (sign === '!=') return negate(equalTo(value, column), column)
    if (!isOrdered(column.type)) {
      return problem('only numbers, dates and moments have an order', '只有数字、日期、时刻可比较大小')
    }
    const range: CellRange = sign.startsWith('<')
      ? { low: null, lowIn: false, high: value, highIn: sign === '<=' }
      : { low: value, lowIn: sign === '>=', high: null, highIn: false }
    return { kind: 'ranges', ranges: [range], empty: false }
  }

  private take(sign: string): boolean {
    const token = this.tokens[this.at]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.at += 1
    return true
  }
}

function noCell({ type }: CellColumn): Cell {
  return isOrdered(type)
    ? { kind: 'ranges', ranges: [], empty: false }
    : { kind: 'values', values: [], except: false, empty: false }
}

function emptyOnly(column: CellColumn): Cell {
  return { ...noCell(column), empty: true } as Cell
}

function equalTo(value: CellValue, { type }: CellColumn): Cell {
  return isOrdered(type)
    ? {
        kind: 'ranges',
        ranges: [{ low: value, lowIn: true, high: value, highIn: true }],
        empty: false,
      }
    : { kind: 'values', values: [value], except: false, empty: false }
}

/** −1, 0, 1 in the order of the type. */
function order(a: CellValue, b: CellValue): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Which of two lower edges lets more in comes first. */
function byLow(a: CellRange, b: CellRange): number {
  if (a.low === null || b.low === null) return a.low === b.low ? 0 : a.low === null ? -1 : 1
  return order(a.low, b.low) || Number(b.lowIn) - Number(a.lowIn)
}

function byHigh(a: CellRange, b: CellRange): number {
  if (a.high === null || b.high === null) return a.high === b.high ? 0 : a.high === null ? 1 : -1
  return order(a.high, b.high) || Number(a.highIn) - Number(b.highIn)
}

function hasEntries({ low, lowIn, high, highIn }: CellRange): boolean {
  if (low === null || high === null) return true
  const side = order(low, high)
  return side < 0 || (side === 0 && lowIn && highIn)
}

/** Whether nothing lies between the end of one and the beginning of the next. */
function touches(a: CellRange, b: CellRange): boolean {
  if (a.high === null || b.low === null) return true
  const side = order(a.high, b.low)
  return side > 0 || (side === 0 && (a.highIn || b.lowIn))
}

function mergeRanges(ranges: readonly CellRange[]): CellRange[] {
  const merged: CellRange[] = []
  for (const range of ranges.filter(hasEntries).sort(byLow)) {
    const last = merged.at(-1)
    if (last && touches(last, range)) {
      if (byHigh(range, last) > 0)
        merged[merged.length - 1] = { ...last, high: range.high, highIn: range.highIn }
    } else merged.push(range)
  }
  return merged
}

/** What either takes. */
export function unite(a: Cell, b: Cell): Cell {
  if (a.kind === 'any' || b.kind === 'any') return anyCell
  const empty = a.empty || b.empty
  if (a.kind === 'ranges' && b.kind === 'ranges') {
    return { kind: 'ranges', ranges: mergeRanges([...a.ranges, ...b.ranges]), empty }
  }
  if (a.kind !== 'values' || b.kind !== 'values') return anyCell
  if (!a.except && !b.except) {
    return { kind: 'values', values: [...new Set([...a.values, ...b.values])], except: false, empty }
  }
  // All but what neither takes.
  const missing = a.except
    ? b.except
      ? a.values.filter((value) => b.values.includes(value))
      : a.values.filter((value) => !b.values.includes(value))
    : b.values.filter((value) => !a.values.includes(value))
  return { kind: 'values', values: missing, except: true, empty }
}

/** What the cell does not take. */
export function negate(cell: Cell, column: CellColumn): Cell {
  if (cell.kind === 'any') return noCell(column)
  if (cell.kind === 'values') return { ...cell, except: !cell.except, empty: !cell.empty }
  const gaps: CellRange[] = []
  let low: Pick<CellRange, 'low' | 'lowIn'> | null = { low: null, lowIn: false }
  for (const range of cell.ranges) {
    if (low && range.low !== null) gaps.push({ ...low, high: range.low, highIn: !range.lowIn })
    low = range.high === null ? null : { low: range.high, lowIn: !range.highIn }
  }
  if (low) gaps.push({ ...low, high: null, highIn: false })
  return { kind: 'ranges', ranges: gaps.filter(hasEntries), empty: !cell.empty }
}

/** What both take. */
export function intersect(a: Cell, b: Cell, column: CellColumn): Cell {
  if (a.kind === 'any') return b
  if (b.kind === 'any') return a
  return negate(unite(negate(a, column), negate(b, column)), column)
}

/** Whether some value is taken by both. Quick: tables of hundreds of rows are compared row by row. */
export function cellsMeet(a: Cell, b: Cell): boolean {
  if (a.kind === 'any') return !takesNothing(b)
  if (b.kind === 'any') return !takesNothing(a)
  if (a.empty && b.empty) return true
  if (a.kind === 'ranges' && b.kind === 'ranges') return rangesMeet(a.ranges, b.ranges)
  if (a.kind !== 'values' || b.kind !== 'values') return false
  // Of all values but a few, some other one is always left.
  if (a.except && b.except) return true
  const [listed, other] = a.except ? [b, a] : [a, b]
  return listed.values.some((value) => other.values.includes(value) !== other.except)
}

function rangesMeet(a: readonly CellRange[], b: readonly CellRange[]): boolean {
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]!, b[j]!]
    if (endsBefore(x, y)) i += 1
    else if (endsBefore(y, x)) j += 1
    else return true
  }
  return false
}

/** Whether all of `a` lies before the beginning of `b`. */
function endsBefore(a: CellRange, b: CellRange): boolean {
  if (a.high === null || b.low === null) return false
  const side = order(a.high, b.low)
  return side < 0 || (side === 0 && !(a.highIn && b.lowIn))
}

/** Whether the cell takes no value at all. */
export function takesNothing(cell: Cell): boolean {
  if (cell.kind === 'any' || cell.empty) return false
  return cell.kind === 'ranges' ? cell.ranges.length === 0 : !cell.except && cell.values.length === 0
}

/** Whether the cell takes the value; `null` is an empty one. Numbers are units at the column's scale. */
export function takes(cell: Cell, value: RuleValue): boolean {
  if (cell.kind === 'any') return true
  if (value === null) return cell.empty
  const one = value as CellValue
  if (cell.kind === 'values') return cell.values.includes(one) !== cell.except
  return cell.ranges.some(
    ({ low, lowIn, high, highIn }) =>
      (low === null || (lowIn ? one >= low : one > low)) &&
      (high === null || (highIn ? one <= high : one < high)),
  )
}

/** The scale at which a column reads its numbers. */
export function columnOf(type: RuleType): CellColumn {
  return { type, scale: scaleOf(type) }
}
