import type { FieldDefinition } from '../../definition/object.ts'

/** What `x-lines` says of one row. */
export interface LinesSchema {
  readonly properties: Readonly<Record<string, FieldDefinition>>
  readonly required?: readonly string[]
  /** Columns that are worked out row by row. */
  readonly computed?: Readonly<Record<string, unknown>>
}

/** The row schema of a lines field; undefined for every other field. */
export function linesOf(field: FieldDefinition): LinesSchema | undefined {
  return field['x-field'] === 'lines' ? (field['x-lines'] as LinesSchema) : undefined
}
