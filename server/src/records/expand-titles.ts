import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { listInvalid } from '@channelwright/runtime/errors/records.ts'
import type { Unit } from '../db/unit.ts'
import { rightsOn } from './object-rights.ts'
import { type RecordField, type RecordTable, tableOf } from './record-table.ts'

/** A field whose ids a reader wants to see as names. */
export interface Expansion {
  readonly field: RecordField
  /** Where the title stands; null for people. */
  readonly reference: { readonly from: string; readonly display: string } | null
}

/**
 * Which of the wanted fields can be given titles. A reference whose title the actor may not read is left out
 * silently: its id is no secret, its name is. Throws LIST_INVALID.
 */
export function readExpand(
  unit: Unit,
  table: RecordTable,
  fields: readonly RecordField[],
  wanted: readonly string[],
): Expansion[] {
  const all = wanted.includes('*')
  for (const key of wanted) {
    const name = table.fields.get(key)?.type.name
    const known = fields.some((field) => field.key === key) && (name === 'reference' || name === 'user')
    if (key !== '*' && !known) throw new Refusal(listInvalid, { name: 'expand', value: key.slice(0, 80) })
  }
  return fields
    .filter((field) => all || wanted.includes(field.key))
    .flatMap((field) => expand(unit, field) ?? [])
}

function expand(unit: Unit, field: RecordField): Expansion | undefined {
  if (field.type.name === 'user') return { field, reference: null }
  if (field.type.name !== 'reference') return undefined
  const target = String(field.definition['x-object'])
  const { read } = rightsOn(unit.served, unit.actor, target)
  const { from, object, fields } = tableOf(unit.served, target)
  const display = fields.get(object.display)
  if (!display?.column || !read?.has(object.display)) return undefined
  return { field, reference: { from, display: display.column } }
}

/**
 * The title beside the row, read with the actor's own rights in the same statement: one scan by key per title
 * instead of one more round trip.
 */
export function titleSql({ field, reference }: Expansion, at: number): string[] {
  if (!reference) return []
  return [
    `(SELECT r.${reference.display}::text FROM ${reference.from} r WHERE r.id = t.${field.column}) AS title_${at}`,
  ]
}
