import { step } from './make-step.ts'
import { casesOf, type PlanInput, readersOf, type TableStep, type TableWork } from './plan-tables.ts'
import * as words from './plan-words.ts'
import { quoteName, quoteTable } from './quote.ts'

/** What the release no longer names: hidden, kept, no longer required. */
export function planRetirement(input: PlanInput): TableStep[] {
  const steps: TableStep[] = []
  const shaped = new Map(input.shapes.map((s) => [s.table, s]))
  for (const table of input.names.tables) {
    const shape = shaped.get(table.table)
    const state = input.states.get(table.table)
    const owner = input.known.object(table.object)
    if (!shape) {
      if (table.retired || !state) continue
      const named = table.lines ? input.known.field(table.object, '', table.lines) : owner
      const label = named ?? { key: table.table, title: { en: table.table, zh: table.table } }
      const confirm = table.lines && owner ? `${owner.key}.${label.key}` : label.key
      steps.push({
        ...step(
          'retire_table',
          {
            object: owner?.key ?? table.table,
            rows: state.rows,
            words: words.retireTable(label.title, state.rows),
          },
          [],
        ),
        destructive: true,
        confirm,
      })
      continue
    }
    const kept = new Set(shape.columns.map((c) => c.column))
    for (const column of input.names.columns) {
      if (column.table !== table.table || column.retired || kept.has(column.column)) continue
      const now = state?.columns.get(column.column)
      const name = quoteName(column.column)
      const work: TableWork[] =
        now?.required || now?.default
          ? [
              {
                kind: 'switch',
                table: table.table,
                sql: `ALTER TABLE ${quoteTable(input.schema, table.table)} ALTER COLUMN ${name} DROP NOT NULL, ALTER COLUMN ${name} DROP DEFAULT`,
              },
            ]
          : []
      const converted = shape.columns.some((c) => c.field === column.field)
      const label = input.known.field(table.object, table.lines, column.field)
      if (converted || !label) {
        // The old side of a conversion, or the trace of a publish that never came into force: nobody saw it.
        if (work.length)
          steps.push(
            step(
              'relax_field',
              {
                object: shape.objectKey,
                field: label?.key ?? column.column,
                rows: 0,
                words: words.retireSilently(shape, column.column),
              },
              work,
            ),
          )
        continue
      }
      steps.push({
        ...step(
          'retire_field',
          {
            object: shape.objectKey,
            field: label.key,
            rows: state?.rows ?? 0,
            words: words.withCases(
              words.withReaders(
                words.retireField(shape, label.title, state?.rows ?? 0),
                readersOf(input, shape, column.field),
              ),
              casesOf(input, table.object, table.lines || column.field),
            ),
          },
          work,
        ),
        destructive: true,
        confirm: `${shape.objectKey}.${label.key}`,
      })
    }
  }
  return steps
}
