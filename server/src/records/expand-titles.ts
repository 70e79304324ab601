import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { listInvalid } from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { isFileField, seeFiles } from '../files/file-rows.ts'
import { rightsOn } from './object-rights.ts'
import { namePeople } from './people.ts'
import type { RecordField, RecordTable } from './record-table.ts'
import { seenTable } from './seen-table.ts'

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
    const known =
      fields.some((field) => field.key === key) &&
      (name === 'reference' || name === 'user' || name === 'lines' || isFileField(name ?? ''))
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
  const { from, object, fields } = seenTable(unit, target)
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

/** Ids in a record or in its history, by the object they name; those of people under `user`. */
export class NamedIds {
  readonly #byObject = new Map<string, Set<string>>()
  readonly #people = new Set<string>()
  readonly #files = new Set<string>()

  add({ type, definition }: RecordField, value: unknown): void {
    if (isFileField(type.name) && Array.isArray(value)) for (const id of value) this.#files.add(String(id))
    if (typeof value !== 'string') return
    if (type.name === 'user') this.#people.add(value)
    if (type.name !== 'reference') return
    const object = String(definition['x-object'])
    const known = this.#byObject.get(object) ?? new Set<string>()
    this.#byObject.set(object, known.add(value))
  }

  /** Their titles, read with the actor's own rights: one query per object. What they may not read has none. */
  async titles(unit: Unit): Promise<Record<string, string>> {
    const titles: Record<string, string> = {}
    for (const [object, ids] of this.#byObject) {
      const { from, object: definition, fields } = seenTable(unit, object)
      const display = fields.get(definition.display)
      if (!display?.column || !rightsOn(unit.served, unit.actor, object).read?.has(definition.display))
        continue
      const rows = await unit.query<{ id: string; title: string | null }>(
        `SELECT r.id, r.${display.column}::text AS title FROM ${from} r WHERE r.id = ANY ($1::uuid[])`,
        [[...ids]],
      )
      for (const { id, title } of rows) if (title !== null) titles[id] = title
    }
    if (this.#people.size) for (const [id, name] of await namePeople(unit, this.#people)) titles[id] = name
    if (this.#files.size)
      for (const file of await seeFiles(unit, [...this.#files])) titles[file.id] = file.name
    return titles
  }
}

/** Whether titles of the field are asked for once the records are known. */
export function isNamedLater({ lines, type }: RecordField): boolean {
  return lines !== null || isFileField(type.name)
}

/** Titles of what the rows of lines name, and names of files, of those among `fields` that are wanted. */
export async function titlesInLines(
  unit: Unit,
  fields: readonly RecordField[],
  wanted: readonly string[],
  records: readonly JsonObject[],
): Promise<Record<string, string>> {
  const ids = new NamedIds()
  for (const field of fields) {
    if (!(wanted.includes('*') || wanted.includes(field.key))) continue
    if (!field.lines) {
      for (const record of records) if (isFileField(field.type.name)) ids.add(field, record[field.key])
      continue
    }
    const cells = [...field.lines.fields.values()]
    for (const record of records)
      for (const line of (record[field.key] ?? []) as JsonObject[])
        for (const cell of cells) ids.add(cell, line[cell.key])
  }
  return ids.titles(unit)
}
