import type { FieldDefinition } from '../../definition/object.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { readDateEntry } from '../date-entry.ts'
import { readDecimalEntry, shiftDecimalLeft } from '../decimal-entry.ts'
import { choicesOf } from '../shared.ts'

export interface LineColumn {
  readonly key: string
  readonly field: FieldDefinition
}

/** The columns of a lines field, in their order. */
export function columnsOf(field: FieldDefinition): LineColumn[] {
  const rows = isJsonObject(field['x-lines']) ? field['x-lines'] : {}
  const properties = isJsonObject(rows.properties) ? rows.properties : {}
  const computed = isJsonObject(rows.computed) ? rows.computed : {}
  return Object.entries(properties)
    .map(([key, value]) => {
      const column = value as unknown as FieldDefinition
      return { key, field: Object.hasOwn(computed, key) ? { ...column, readOnly: true } : column }
    })
    .sort((a, b) => compareOrder(a.field['x-order'], b.field['x-order']))
}

function compareOrder(a: string | undefined, b: string | undefined): number {
  if (a === b || a === undefined || b === undefined) return 0
  return a < b ? -1 : 1
}

/** Cells of a clipboard as spreadsheets write it: tabs between cells, quotes around cells with line breaks. */
export function readClipboard(text: string): string[][] {
  const rows: string[][] = [['']]
  let quoted = false
  const put = (char: string) => {
    const row = rows[rows.length - 1]!
    row[row.length - 1] += char
  }
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!
    const row = rows[rows.length - 1]!
    if (quoted) {
      if (char === '"' && source[i + 1] === '"') {
        put('"')
        i++
      } else if (char === '"') quoted = false
      else put(char)
    } else if (char === '"' && row[row.length - 1] === '') quoted = true
    else if (char === '\t') row.push('')
    else if (char === '\n') rows.push([''])
    else put(char)
  }
  return rows
}

/** The value that a pasted cell means for a field; text that means nothing stays text, for validation to name. */
export function readCell(text: string, field: FieldDefinition): Json | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  switch (field['x-field']) {
    case 'decimal':
    case 'money':
      return readDecimalEntry(trimmed) ?? trimmed
    case 'percent': {
      const read = readDecimalEntry(trimmed)
      if (typeof read !== 'string') return trimmed
      // "5%" and "5" both mean five per cent, as the input itself reads them.
      return shiftDecimalLeft(read, 2)
    }
    case 'integer': {
      const read = readDecimalEntry(trimmed)
      const whole = typeof read === 'string' && /^-?\d+$/.test(read) ? Number(read) : Number.NaN
      return Number.isSafeInteger(whole) ? whole : trimmed
    }
    case 'date':
      return readDateEntry(trimmed) ?? trimmed
    case 'boolean':
      return /^(true|yes|y|1|是|√|✓)$/i.test(trimmed)
        ? true
        : /^(false|no|n|0|否|×)$/i.test(trimmed)
          ? false
          : trimmed
    case 'choice': {
      const wanted = trimmed.toLowerCase()
      const choice = choicesOf(field).find((one) =>
        [one.const, one.title, one['x-title'].zh].some((name) => name.toLowerCase() === wanted),
      )
      return choice?.const ?? trimmed
    }
    default:
      return trimmed
  }
}

/** Rows that mean anything: empty ones at the end are none. */
export function countRows(cells: readonly (readonly string[])[]): number {
  const last = cells.findLastIndex((row) => row.some((text) => text.trim() !== ''))
  return last + 1
}

/** Lays pasted cells over the lines from a cell on; lines are added as needed, up to `most`. */
export function pasteCells(
  lines: readonly JsonObject[],
  columns: readonly LineColumn[],
  at: { row: number; column: number },
  cells: readonly (readonly string[])[],
  most: number,
): JsonObject[] {
  const next = lines.map((line) => ({ ...line }))
  cells.slice(0, countRows(cells)).forEach((texts, down) => {
    const row = at.row + down
    if (row >= most) return
    const line = next[row] ?? {}
    next[row] = line
    texts.forEach((text, across) => {
      const column = columns[at.column + across]
      if (!column || column.field.readOnly === true) return
      const value = readCell(text, column.field)
      if (value === undefined) delete line[column.key]
      else line[column.key] = value
    })
  })
  return next
}
