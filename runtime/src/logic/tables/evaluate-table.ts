import { ruleTableConflict } from '../../errors/tables.ts'
import type { Json } from '../../json.ts'
import type { CallNode } from '../ir.ts'
import type { EvaluateCall } from '../operator.ts'
import { writeValue } from '../read-value.ts'
import { isNumeric, scaleOf } from '../rule-type.ts'
import { addUnits, greaterUnits, lesserUnits, shiftUnits, type Units } from '../scaled.ts'
import type { Frame, ObjectValue, RuleValue, Thunk } from '../value.ts'
import { takes } from './cell.ts'
import { type CheckedTable, tableOf } from './checked-table.ts'

type Values = readonly RuleValue[]

function matches(table: CheckedTable, row: number, values: Values): boolean {
  const { cells } = table.rows[row]!
  for (let i = 0; i < cells.length; i++) if (!takes(cells[i]!, values[i]!)) return false
  return true
}

/** The first row from `from` on that takes the values; −1 where none does. */
function nextMatch(table: CheckedTable, values: Values, from = 0): number {
  for (let row = from; row < table.rows.length; row++) if (matches(table, row, values)) return row
  return -1
}

/** The table as a function of the frame. */
export function evaluateTable(call: EvaluateCall): Thunk {
  const table = tableOf(call.node)
  const inputs = table.inputs.map((column, i) =>
    call.arg(i, isNumeric(column.type) ? column.scale : undefined),
  )
  const read = (frame: Frame): Values => inputs.map((input) => input(frame))
  const results = table.rows.map(({ then }) => resultOf(call, table, then))
  const fallback: Thunk = table.fallback === null ? () => null : resultOf(call, table, table.fallback)
  const { hit } = table
  if (hit.startsWith('collect'))
    return collect(table, read, results, table.fallback === null ? null : fallback)
  if (hit !== 'unique' && hit !== 'any') {
    return (frame) => {
      const row = nextMatch(table, read(frame))
      return row < 0 ? fallback(frame) : results[row]!(frame)
    }
  }
  return (frame) => {
    const values = read(frame)
    const row = nextMatch(table, values)
    if (row < 0) return fallback(frame)
    const others = table.overlaps[row]!.filter((other) => matches(table, other, values))
    const value = results[row]!(frame)
    const clash = others.filter((other) => hit === 'unique' || !isSame(results[other]!(frame), value))
    if (clash.length > 0) {
      const rows = [row, ...clash].map((at) => table.rows[at]!.number)
      call.fail(ruleTableConflict, { rows: rows.sort((a, b) => a - b).join(', ') })
    }
    return value
  }
}

/** The outputs of a row: its value, or with several outputs a group of fields as JSON carries it. */
function resultOf(call: EvaluateCall, { outputs }: CheckedTable, then: number): Thunk {
  const values = outputs.map(({ type }, i) => call.arg(then + i, isNumeric(type) ? scaleOf(type) : undefined))
  if (values.length === 1) return values[0]!
  return (frame) => {
    const fields: Record<string, Json> = {}
    outputs.forEach(({ name, type }, i) => {
      fields[name] = writeValue(values[i]!(frame), type)
    })
    return fields as ObjectValue
  }
}

function isSame(a: RuleValue, b: RuleValue): boolean {
  return a === b || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b))
}

function collect(
  table: CheckedTable,
  read: (frame: Frame) => Values,
  results: readonly Thunk[],
  fallback: Thunk | null,
): Thunk {
  const found = (frame: Frame): number[] => {
    const values = read(frame)
    const rows: number[] = []
    for (let row = nextMatch(table, values); row >= 0; row = nextMatch(table, values, row + 1)) rows.push(row)
    return rows
  }
  const { hit } = table
  if (hit === 'collect:count') return (frame) => found(frame).length
  if (hit === 'collect:list') {
    return (frame) => {
      const rows = found(frame)
      return rows.length === 0 && fallback ? [fallback(frame)] : rows.map((row) => results[row]!(frame))
    }
  }
  const step: (a: Units, b: Units) => Units =
    hit === 'collect:sum' ? addUnits : hit === 'collect:min' ? lesserUnits : greaterUnits
  const none = hit === 'collect:sum' ? 0 : null
  return (frame) => {
    const rows = found(frame)
    if (rows.length === 0) return fallback ? fallback(frame) : none
    // Dates and moments have the order of their texts, numbers their own.
    return rows.map((row) => results[row]!(frame) as Units).reduce(step)
  }
}

/** What the trace keeps of a run: which rows matched, and for those that did not the first condition that failed. */
export interface TableDetail {
  /** How many of the first operands are inputs. */
  readonly inputs: number
  /** Numbers of the rows that gave the result. */
  readonly rows: readonly number[]
  readonly missed: readonly TableMiss[]
}

export interface TableMiss {
  readonly row: number
  readonly column: { readonly en: string; readonly zh: string }
  readonly cell: string
}

/** Rows whose conditions are told. */
const told = 20

/** From the values of the inputs, as `evaluateTable` decides. */
export function detailOf(node: CallNode, operands: readonly RuleValue[]): TableDetail {
  const table = tableOf(node)
  const values = table.inputs.map(({ scale }, i) => {
    const value = operands[i] ?? null
    return typeof value === 'number' || typeof value === 'bigint'
      ? shiftUnits(value, scale - scaleOf(node.args[i]!.type))
      : value
  })
  const rows: number[] = []
  const missed: TableMiss[] = []
  const one = table.hit === 'first' || table.hit === 'priority'
  for (const row of table.rows) {
    const at = row.cells.findIndex((cell, i) => !takes(cell, values[i]!))
    if (at < 0) {
      rows.push(row.number)
      if (one) break
    } else if (missed.length < told) {
      missed.push({ row: row.number, column: table.inputs[at]!.name, cell: row.texts[at]! })
    }
  }
  return { inputs: table.inputs.length, rows, missed }
}
