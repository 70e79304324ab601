import type { Text } from '@channelwright/runtime/text.ts'
import type { BrokenLimit } from './limit-facts.ts'
import { step } from './make-step.ts'
import type { PlanInput, TableStep } from './plan-tables.ts'
import * as words from './plan-words.ts'
import type { TableShape } from './shape-tables.ts'

/** Limits that are tighter now than what stands in records. The values stay; whoever changes one meets the limit. */
export function planLimits(shape: TableShape, input: PlanInput): TableStep[] {
  const { limits } = input.facts
  const confirm = (...keys: string[]) => [shape.objectKey, ...keys].filter(Boolean).join('.')
  const of = (key: string, title: Text, name: string, found: BrokenLimit) =>
    step(
      'tighten_field',
      {
        object: shape.objectKey,
        field: key,
        rows: found.rows,
        words: words.tightenField(shape, title, found),
        confirm: name,
        examples: found.examples,
      },
      [],
    )
  const number = limits.get(shape.table)
  return [
    ...(number ? [of(shape.linesKey, shape.title, confirm(shape.linesKey), number)] : []),
    ...shape.columns.flatMap((column) => {
      const found = limits.get(`${shape.table}.${column.column}`)
      return found ? [of(column.key, column.title, confirm(shape.linesKey, column.key), found)] : []
    }),
  ]
}
