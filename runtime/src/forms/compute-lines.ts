import type { RuleDefinitions } from '../definition/definition-set.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { linesScope } from '../definition/scopes.ts'
import { fieldTypeOf, linesOf } from '../fields/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { type CompiledRule, compileRule } from '../logic/evaluate.ts'

/** Rows with their computed columns worked out; everything else in them stays as it is. */
export type ComputeLines = (rows: Json, context: object) => Json

interface Column {
  readonly key: string
  readonly field: FieldDefinition
  readonly run: CompiledRule
  readonly reads: readonly string[]
}

/**
 * The rules of the computed columns of a lines field, compiled; null when it has none. A cell that cannot be worked
 * out yet (a column that it needs is empty) is null. Browser and server run the same.
 */
export function compileLines(set: RuleDefinitions, field: FieldDefinition): ComputeLines | null {
  const lines = linesOf(field)
  if (!lines?.computed) return null
  const scope = linesScope(set, field)
  const columns = Object.entries(lines.computed).flatMap(([key, rule]): Column[] => {
    const column = lines.properties[key]
    const checked = checkRule(rule as Json, scope, { level: 'F' })
    return column && checked.rule
      ? [{ key, field: column, run: compileRule(checked.rule), reads: checked.reads }]
      : []
  })
  const ordered = inOrder(columns)
  return (rows, context) =>
    Array.isArray(rows)
      ? rows.map((row) => (isJsonObject(row) ? computeRow(ordered, row, context) : row))
      : rows
}

function computeRow(columns: readonly Column[], row: JsonObject, context: object): JsonObject {
  const filled: JsonObject = { ...row }
  for (const { key, field, run } of columns) {
    const result = run(filled, context as JsonObject)
    const value = result.ok ? result.value : null
    filled[key] = value === null ? null : (fieldTypeOf(field).normalize?.(value, field) ?? value)
  }
  return filled
}

/** Each column after those it reads; checking definitions has refused circles. */
function inOrder(columns: readonly Column[]): readonly Column[] {
  const ordered = new Set<Column>()
  const visit = (column: Column, above: readonly string[]) => {
    if (ordered.has(column) || above.includes(column.key)) return
    for (const one of columns)
      if (one !== column && column.reads.includes(one.key)) visit(one, [...above, column.key])
    ordered.add(column)
  }
  for (const column of columns) visit(column, [])
  return [...ordered]
}
