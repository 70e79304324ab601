import { formatInstant } from '../calendar.ts'
import { sqlType } from '../compile-sql.ts'
import type { SqlCall, SqlPiece } from '../operator.ts'
import { okOf } from '../operators/shared/sql.ts'
import { isNumeric, scaleOf } from '../rule-type.ts'
import { formatUnits, type Units } from '../scaled.ts'
import { sqlLiteral } from '../sql-literal.ts'
import type { RuleType } from '../types.ts'
import type { Cell, CellRange, CellValue } from './cell.ts'
import { type CheckedTable, type TableColumn, tableOf } from './checked-table.ts'

/** The table as one expression: CASE in the order of its rows, with the value that the evaluator gives. */
export function tableSql(call: SqlCall): SqlPiece {
  const table = tableOf(call.node)
  const inputs = table.inputs.map(({ type }, i): SqlPiece => {
    const piece = isNumeric(type) ? call.numeric(i) : call.args[i]!
    // Named in a sub-select, an empty value would be a text.
    const nothing = call.node.args[i]!.type.t === 'null'
    return nothing ? { ...piece, text: `NULL::${isNumeric(type) ? 'numeric' : sqlType(type)}` } : piece
  })
  const failing = inputs.filter((piece) => piece.fails)
  let ok = ''
  const text = call.once(inputs, (...names) => {
    const tests = table.rows.map(({ cells }) => {
      const parts = cells.flatMap((cell, i) => cellSql(cell, table.inputs[i]!, names[i]!, call))
      return parts.length === 0 ? 'TRUE' : parts.join(' AND ')
    })
    return buildTable(call, table, tests)
  })
  const okText = call.once(inputs, (...names) => {
    const tests = table.rows.map(({ cells }) => {
      const parts = cells.flatMap((cell, i) => cellSql(cell, table.inputs[i]!, names[i]!, call))
      return parts.length === 0 ? 'TRUE' : parts.join(' AND ')
    })
    return okOfTable(call, table, tests)
  })
  const results = call.args.slice(table.inputs.length)
  const clashes = table.overlaps.some((others) => others.length > 0)
  const fails = failing.length > 0 || clashes || results.some((piece) => piece.fails)
  if (!fails) return { text, fails: false, simple: false, ...jsonMark(call) }
  const sound = failing.map((piece) => okOf(piece, call.node.args[inputs.indexOf(piece)]!.type.nullable))
  const guard = sound.length === 0 ? 'TRUE' : sound.join(' AND ')
  ok = `(CASE WHEN ${guard} THEN ${okText} ELSE FALSE END)`
  return {
    text: sound.length === 0 ? text : `(CASE WHEN ${guard} THEN ${text} END)`,
    fails: true,
    ...(call.node.type.nullable ? { ok } : {}),
    simple: false,
    ...jsonMark(call),
  }
}

function jsonMark(call: SqlCall): { json?: true } {
  return call.node.type.t === 'obj' ? { json: true } : {}
}

function resultSql(call: SqlCall, table: CheckedTable, then: number): string {
  const pieces = table.outputs.map(({ type }, i) =>
    isNumeric(type) ? call.numeric(then + i) : call.args[then + i]!,
  )
  if (pieces.length === 1) return pieces[0]!.text
  const fields = table.outputs.map(
    ({ name, type }, i) => `${sqlLiteral(name)}, ${jsonOf(pieces[i]!.text, type)}`,
  )
  const made = `jsonb_build_object(${fields.join(', ')})`
  const failing = pieces.flatMap((piece, i) =>
    piece.fails ? [okOf(piece, call.node.args[then + i]!.type.nullable)] : [],
  )
  return failing.length === 0 ? made : `(CASE WHEN ${failing.join(' AND ')} THEN ${made} END)`
}

/** The JSON that the evaluator writes. */
function jsonOf(text: string, type: RuleType): string {
  switch (type.t) {
    case 'dec':
      return `to_jsonb(round(${text}, ${scaleOf(type)})::text)`
    case 'int':
      return `(CASE WHEN abs(${text}) <= 9007199254740991 THEN to_jsonb(trunc(${text})) ELSE to_jsonb(trunc(${text})::text) END)`
    case 'date':
      return `to_jsonb(to_char(${text}, 'YYYY-MM-DD'))`
    case 'instant':
      return `to_jsonb(regexp_replace(to_char(${text} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.USZ'), '000Z$', 'Z'))`
    default:
      return `to_jsonb(${text}${type.t === 'str' ? '::text' : ''})`
  }
}

function okResult(call: SqlCall, table: CheckedTable, then: number): string {
  const parts = table.outputs.flatMap((_, i) => {
    const piece = call.args[then + i]!
    return piece.fails ? [okOf(piece, call.node.args[then + i]!.type.nullable)] : []
  })
  return parts.length === 0 ? 'TRUE' : `(${parts.join(' AND ')})`
}

function buildTable(call: SqlCall, table: CheckedTable, tests: readonly string[]): string {
  const results = table.rows.map(({ then }) => resultSql(call, table, then))
  const fallback = table.fallback === null ? null : resultSql(call, table, table.fallback)
  if (table.hit.startsWith('collect')) {
    const text = collectSql(call, table, tests, results, fallback)
    // A value that failed would be an empty entry of the list.
    return table.hit === 'collect:list' && anyFails(call)
      ? `(CASE WHEN ${okOfTable(call, table, tests)} THEN ${text} END)`
      : text
  }
  const clashes = clashTests(table, tests, results).map((test) => `WHEN ${test} THEN NULL`)
  const rows = tests.map((test, i) => `WHEN ${test} THEN ${results[i]}`)
  const last = fallback === null ? '' : ` ELSE ${fallback}`
  return `(CASE ${[...clashes, ...rows].join(' ')}${last} END)`
}

/** Conditions under which rows contradict each other. */
function clashTests(
  table: CheckedTable,
  tests: readonly string[],
  results: readonly string[],
  oks: readonly string[] = [],
): string[] {
  return table.overlaps.flatMap((others, i) => {
    if (others.length === 0) return []
    const clash = others.map((j) =>
      table.hit === 'unique'
        ? `(${tests[j]})`
        : `((${tests[j]}) AND (${results[i]} IS DISTINCT FROM ${results[j]}${failed(oks[j])}))`,
    )
    return [`(${tests[i]}) AND (${clash.join(' OR ')})`]
  })
}

/** A value that failed is NULL, as an empty one is that it is compared with. */
function failed(ok = 'TRUE'): string {
  return ok === 'TRUE' ? '' : ` OR NOT ${ok}`
}

function okOfTable(call: SqlCall, table: CheckedTable, tests: readonly string[]): string {
  const results = table.rows.map(({ then }) => resultSql(call, table, then))
  const oks = table.rows.map(({ then }) => okResult(call, table, then))
  const fallback = table.fallback === null ? 'TRUE' : okResult(call, table, table.fallback)
  if (table.hit.startsWith('collect')) {
    const all = tests.map((test, i) => `(NOT (${test}) OR ${oks[i]})`)
    return `(CASE WHEN ${tests.map((test) => `(${test})`).join(' OR ')} THEN ${all.join(' AND ')} ELSE ${fallback} END)`
  }
  const clashes = clashTests(table, tests, results, oks).map((test) => `WHEN ${test} THEN FALSE`)
  const rows = tests.map((test, i) => `WHEN ${test} THEN ${oks[i]}`)
  return `(CASE ${[...clashes, ...rows].join(' ')} ELSE ${fallback} END)`
}

function collectSql(
  call: SqlCall,
  { hit, outputs }: CheckedTable,
  tests: readonly string[],
  results: readonly string[],
  fallback: string | null,
): string {
  if (hit === 'collect:count') {
    return `(${tests.map((test) => `(CASE WHEN ${test} THEN 1 ELSE 0 END)`).join(' + ')})::numeric`
  }
  const none = `NOT (${tests.map((test) => `(${test})`).join(' OR ')})`
  const whole = (text: string, instead: string | null) =>
    instead === null ? `(${text})` : `(CASE WHEN ${none} THEN ${instead} ELSE ${text} END)`
  if (hit === 'collect:list') {
    const array = sqlType(call.node.type)
    const parts = tests.map(
      (test, i) => `(CASE WHEN ${test} THEN ARRAY[${results[i]}]::${array} ELSE '{}'::${array} END)`,
    )
    return whole(parts.join(' || '), fallback === null ? null : `ARRAY[${fallback}]::${array}`)
  }
  if (hit === 'collect:sum') {
    const parts = tests.map((test, i) => `(CASE WHEN ${test} THEN ${results[i]} ELSE 0 END)`)
    return whole(parts.join(' + '), fallback)
  }
  const parts = tests.map((test, i) => `(CASE WHEN ${test} THEN ${results[i]} END)`)
  const extreme = `${hit === 'collect:min' ? 'LEAST' : 'GREATEST'}(${parts.join(', ')})`
  const [output] = outputs
  // LEAST and GREATEST pass over NULL: a value that failed must not be passed over.
  const failing = tests.flatMap((test, i) =>
    results[i] === undefined ? [] : [`((${test}) AND ${results[i]} IS NULL)`],
  )
  const guarded =
    output && anyFails(call) ? `(CASE WHEN ${failing.join(' OR ')} THEN NULL ELSE ${extreme} END)` : extreme
  return whole(guarded, fallback)
}

function anyFails(call: SqlCall): boolean {
  return call.args.some((piece) => piece.fails)
}

/** The tests of one cell over the SQL of its input; none where it takes anything. True or false, never NULL. */
function cellSql(cell: Cell, column: TableColumn, x: string, call: SqlCall): string[] {
  if (cell.kind === 'any') return []
  const bind = (value: CellValue) =>
    call.bind(sqlValue(value, column), { ...column.type, nullable: false } as RuleType)
  const bindAll = (values: readonly CellValue[]) =>
    call.bind(
      values.map((value) => sqlValue(value, column)),
      {
        t: 'list',
        nullable: false,
        of: { ...column.type, nullable: false } as RuleType,
      },
    )
  const numeric = isNumeric(column.type) ? '::numeric' : ''
  const one = (value: CellValue) => `${bind(value)}${numeric}`
  const some = (values: readonly CellValue[], except: boolean) => {
    if (values.length === 0) return except ? 'TRUE' : 'FALSE'
    if (values.length === 1) return `${x} ${except ? '<>' : '='} ${one(values[0]!)}`
    return except ? `${x} <> ALL(${bindAll(values)})` : `${x} = ANY(${bindAll(values)})`
  }
  const test = cell.kind === 'values' ? some(cell.values, cell.except) : rangesSql(cell.ranges, x, one, some)
  if (!column.type.nullable) return [test === 'TRUE' ? 'TRUE' : `(${test})`]
  if (cell.empty) return [`(${x} IS NULL OR ${test})`]
  return [`(${x} IS NOT NULL AND ${test})`]
}

function rangesSql(
  ranges: readonly CellRange[],
  x: string,
  one: (value: CellValue) => string,
  some: (values: readonly CellValue[], except: boolean) => string,
): string {
  const isPoint = ({ low, high }: CellRange) => low !== null && low === high
  const points = ranges.filter(isPoint).map(({ low }) => low!)
  const rest = ranges.filter((range) => !isPoint(range))
  const parts = rest.map(({ low, lowIn, high, highIn }) => {
    const sides = [
      ...(low === null ? [] : [`${x} ${lowIn ? '>=' : '>'} ${one(low)}`]),
      ...(high === null ? [] : [`${x} ${highIn ? '<=' : '<'} ${one(high)}`]),
    ]
    return sides.length === 0 ? 'TRUE' : sides.join(' AND ')
  })
  const all = points.length > 0 ? [some(points, false), ...parts] : parts
  if (all.length === 0) return 'FALSE'
  return all.length === 1 ? all[0]! : `(${all.map((part) => `(${part})`).join(' OR ')})`
}

function sqlValue(value: CellValue, { type, scale }: TableColumn): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return formatUnits(value as Units, scale)
  return type.t === 'instant' && typeof value === 'string' ? formatInstant(value) : value
}
