import type { Json } from '../../json.ts'
import { addToDate } from '../calendar.ts'
import { parseDecimal } from '../decimal.ts'
import { isNumeric, scaleOf } from '../rule-type.ts'
import { formatUnits, shiftUnits, type Units } from '../scaled.ts'
import {
  type Cell,
  type CellColumn,
  type CellRange,
  type CellValue,
  intersect,
  negate,
  takesNothing,
} from '../tables/cell.ts'

// Inputs as a space: one cell per field. Everything that is proved of tables and conditions is proved here.

/** A part of the space: what each field may be. Fields that are not named may be anything. */
export type Box<K> = ReadonlyMap<K, Cell>

/** Counts steps, so that no proof takes longer than it may. */
export class Budget {
  constructor(private left: number) {}
  /** False when it is used up. */
  spend(amount = 1): boolean {
    this.left -= amount
    return this.left >= 0
  }
  get spent(): boolean {
    return this.left < 0
  }
}

/** All that the field can be, by its type: its choices, its limits, whether it may be empty. */
export function domainOf(column: CellColumn): Cell {
  const { type } = column
  const empty = type.nullable
  switch (type.t) {
    case 'bool':
      return { kind: 'values', values: [true, false], except: false, empty }
    case 'int':
    case 'dec': {
      const edge = (text: string | undefined) => {
        const limit = text === undefined ? null : parseDecimal(text)
        return limit && limit.scale <= column.scale
          ? shiftUnits(limit.units, column.scale - limit.scale)
          : null
      }
      const [low, high] = [edge(type.min), edge(type.max)]
      return { kind: 'ranges', ranges: [{ low, lowIn: low !== null, high, highIn: high !== null }], empty }
    }
    case 'date':
    case 'instant':
      return { kind: 'ranges', ranges: [{ low: null, lowIn: false, high: null, highIn: false }], empty }
    default:
      return type.t === 'str' && type.enum
        ? { kind: 'values', values: type.enum, except: false, empty }
        : { kind: 'values', values: [], except: true, empty }
  }
}

/** What both take, without stretches in which the type has no value: no whole number lies between 5 and 6. */
export function meet(a: Cell, b: Cell, column: CellColumn): Cell {
  if (a.kind === 'any') return closed(b, column)
  if (b.kind === 'any') return closed(a, column)
  if (a.kind !== 'ranges' || b.kind !== 'ranges') return intersect(a, b, column)
  const [left, right] = [closed(a, column), closed(b, column)]
  if (left.kind !== 'ranges' || right.kind !== 'ranges') return left
  return {
    kind: 'ranges',
    ranges: meetRanges(left.ranges, right.ranges),
    empty: left.empty && right.empty,
  }
}

/** Both lists are in order, so that one walk along them finds all that they share. */
function meetRanges(a: readonly CellRange[], b: readonly CellRange[]): CellRange[] {
  const shared: CellRange[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i]!, b[j]!]
    const low = startsLater(x, y) ? x : y
    const high = endsSooner(x, y) ? x : y
    if (
      low.low === null ||
      high.high === null ||
      low.low < high.high ||
      (low.low === high.high && low.lowIn && high.highIn)
    )
      shared.push({ low: low.low, lowIn: low.lowIn, high: high.high, highIn: high.highIn })
    if (high === x) i += 1
    else j += 1
  }
  return shared
}

function startsLater(a: CellRange, b: CellRange): boolean {
  if (a.low === null || b.low === null) return b.low === null
  return a.low > b.low || (a.low === b.low && !a.lowIn)
}

function endsSooner(a: CellRange, b: CellRange): boolean {
  if (a.high === null || b.high === null) return b.high === null
  return a.high < b.high || (a.high === b.high && !a.highIn)
}

export function without(a: Cell, b: Cell, column: CellColumn): Cell {
  // Shared by columns of every kind.
  if (b.kind === 'any') return negate(b, column)
  let rest = opposites.get(b)
  if (!rest) {
    rest = closed(negate(b, column), column)
    opposites.set(b, rest)
  }
  return meet(a, rest, column)
}

/** What cells do not take, and their closed forms: each is asked for thousands of times. */
const opposites = new WeakMap<Cell, Cell>()
const closedForms = new WeakMap<Cell, Cell>()

export function isNothing(cell: Cell): boolean {
  return takesNothing(cell)
}

function closed(cell: Cell, column: CellColumn): Cell {
  if (
    cell.kind !== 'ranges' ||
    cell.ranges.every(({ low, lowIn, high, highIn }) => isEdge(low, lowIn) && isEdge(high, highIn))
  )
    return cell
  const known = closedForms.get(cell)
  if (known) return known
  const ranges = cell.ranges.map((range) => closeRange(range, column)).filter((range) => range !== null)
  const form: Cell = { ...cell, ranges }
  closedForms.set(cell, form)
  return form
}

function isEdge(value: CellValue | null, inside: boolean): boolean {
  return value === null || inside
}

/** Open edges as the next value inside: numbers have a fixed number of places, dates are days. */
function closeRange(range: CellRange, column: CellColumn): CellRange | null {
  const step = stepOf(column)
  if (!step) return range
  const low = range.low !== null && !range.lowIn ? step(range.low, 1) : range.low
  const high = range.high !== null && !range.highIn ? step(range.high, -1) : range.high
  if (low !== null && high !== null && low > high) return null
  return { low, lowIn: low !== null, high, highIn: high !== null }
}

/** The next value of the type, or the one before; null for types between whose values there is always another. */
function stepOf({ type }: CellColumn): ((value: CellValue, by: 1 | -1) => CellValue) | null {
  if (isNumeric(type)) {
    return (value, by) => {
      const next = BigInt(value as Units) + BigInt(by)
      return next <= BigInt(Number.MAX_SAFE_INTEGER) && next >= -BigInt(Number.MAX_SAFE_INTEGER)
        ? Number(next)
        : next
    }
  }
  if (type.t !== 'date') return null
  return (value, by) => addToDate(String(value), by, 'day') ?? value
}

/** A value of the cell as JSON, the plainest there is: an edge, a choice, a text that is none of those left out. */
export function sampleOf(cell: Cell, column: CellColumn): Json {
  const inside = meet(cell, domainOf(column), column)
  if (inside.kind === 'any') return null
  if (inside.kind === 'values') {
    const [first] = inside.values
    if (!inside.except) return first === undefined ? null : (first as Json)
    if (column.type.t === 'ref' || column.type.t === 'user') return '00000000-0000-4000-8000-000000000000'
    for (let n = 0; ; n++) {
      const text = n === 0 ? '…' : `…${n}`
      if (!inside.values.includes(text)) return text
    }
  }
  // Zero, or today's neighbourhood, says more to a reader than an edge far away.
  const [range] = inside.ranges
  if (!range) return null
  const value =
    range.low ??
    range.high ??
    (isNumeric(column.type) ? 0 : column.type.t === 'date' ? '2026-01-01' : '2026-01-01T00:00:00.000Z')
  if (!isNumeric(column.type)) return value as Json
  const text = formatUnits(value as Units, column.scale)
  return scaleOf(column.type) === 0 ? Number(text) : text
}

/** The parts of `box` outside `taken`, none of which overlap. Columns by their place. */
export function subtractBox(
  box: readonly Cell[],
  taken: readonly Cell[],
  columns: readonly CellColumn[],
): Cell[][] {
  const shared = box.map((cell, i) => meet(cell, taken[i]!, columns[i]!))
  if (shared.some(isNothing)) return [[...box]]
  const parts: Cell[][] = []
  const before: Cell[] = []
  for (const [i, column] of columns.entries()) {
    const rest = without(box[i]!, taken[i]!, column)
    if (!isNothing(rest)) parts.push([...before, rest, ...box.slice(i + 1)])
    before.push(shared[i]!)
  }
  return parts
}

/** A part of `box` that none of `taken` covers; null where they cover it all, undefined where that was not proved. */
export function findUncovered(
  box: readonly Cell[],
  taken: readonly (readonly Cell[])[],
  columns: readonly CellColumn[],
  budget: Budget,
): readonly Cell[] | null | undefined {
  const stack: { box: readonly Cell[]; next: number }[] = [{ box, next: 0 }]
  for (let one = stack.pop(); one; one = stack.pop()) {
    let { box: rest, next } = one
    for (; next < taken.length; next++) {
      if (!budget.spend(columns.length)) return undefined
      const parts = subtractBox(rest, taken[next]!, columns)
      if (parts.length === 0) break
      const [first, ...others] = parts as [Cell[], ...Cell[][]]
      for (const part of others) stack.push({ box: part, next: next + 1 })
      rest = first
    }
    if (next === taken.length) return rest
  }
  return null
}
