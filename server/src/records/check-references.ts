import type { ErrorCode, ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordRefused, referenceUnknown, userUnknown } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { rightsOn } from './object-rights.ts'
import { findStrangers } from './people.ts'
import { type RecordField, type RecordTable, tableOf } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'
import type { Writer } from './write-record.ts'

/** One id that stands in a record, and where. */
interface Named {
  readonly path: string
  readonly id: string
}

/**
 * A person may name only records they can see and people they may know: to be told "exists" or not of others would
 * already be telling. Only what the person gave and changed is asked about; that a referenced row exists at all is a
 * foreign key's business. Throws RECORD_REFUSED with a path for each.
 */
export async function checkReferences(
  unit: Unit,
  table: RecordTable,
  before: JsonObject | null,
  after: JsonObject,
  given: JsonObject,
  by: Writer,
): Promise<void> {
  if (by !== 'actor') return
  const records = new Map<string, Named[]>()
  const people: Named[] = []
  const note = (field: RecordField, path: string, value: Json | undefined, was: Json | undefined) => {
    if (typeof value !== 'string' || value === was) return
    if (field.type.name === 'user') people.push({ path, id: value })
    if (field.type.name !== 'reference') return
    const target = String(field.definition['x-object'])
    records.set(target, [...(records.get(target) ?? []), { path, id: value }])
  }
  for (const field of table.fields.values()) {
    if (!(field.key in given)) continue
    if (field.lines) noteLines(field, after[field.key], before?.[field.key], note)
    else note(field, `/${field.key}`, after[field.key], before?.[field.key])
  }
  const unseen = await Promise.all([...records].map(([target, named]) => findUnseen(unit, target, named)))
  const strangers = people.length ? await findUnknown(unit, people) : []
  const details = [...unseen.flat().map(detail(referenceUnknown)), ...strangers.map(detail(userUnknown))]
  if (details.length) throw new Refusal(recordRefused, {}, details)
}

function noteLines(
  field: RecordField,
  after: Json | undefined,
  before: Json | undefined,
  note: (cell: RecordField, path: string, value: Json | undefined, was: Json | undefined) => void,
): void {
  const old = new Map(((before ?? []) as JsonObject[]).map((line) => [line._id, line]))
  for (const [at, line] of ((after ?? []) as JsonObject[]).entries())
    for (const cell of field.lines!.fields.values())
      note(cell, `/${field.key}/${at}/${cell.key}`, line[cell.key], old.get(line._id!)?.[cell.key])
}

function detail(error: ErrorCode): (named: Named) => ErrorDetail {
  return ({ path }) => ({ path, code: error.code, message: error.message })
}

async function findUnseen(unit: Unit, target: string, named: readonly Named[]): Promise<Named[]> {
  if (!rightsOn(unit.served, unit.actor, target).read) return [...named]
  const { from } = tableOf(unit.served, target)
  const rows = await runPrepared<{ id: string }>(
    unit,
    `SELECT r.id FROM ${from} r WHERE r.id = ANY ($1::uuid[]) AND r.deleted_at IS NULL`,
    [[...new Set(named.map((one) => one.id))]],
  )
  const seen = new Set(rows.map((row) => row.id))
  return named.filter((one) => !seen.has(one.id))
}

async function findUnknown(unit: Unit, named: readonly Named[]): Promise<Named[]> {
  const strangers = new Set(await findStrangers(unit, new Set(named.map((one) => one.id))))
  return named.filter((one) => strangers.has(one.id))
}
