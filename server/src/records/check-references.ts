import type { ErrorCode, ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordRefused, referenceUnknown, userUnknown } from '@channelwright/runtime/errors/records.ts'
import { fieldFileUnknown } from '@channelwright/runtime/errors/uploads.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { DatabaseError } from 'pg'
import { codeOf } from '../db/failures.ts'
import type { Unit } from '../db/unit.ts'
import { fileTable, isFileField } from '../files/file-rows.ts'
import { quoteTable } from '../publish/quote.ts'
import { rightsOn } from './object-rights.ts'
import { findStrangers } from './people.ts'
import { type RecordField, type RecordTable, tableOf } from './record-table.ts'
import type { Writer } from './write-record.ts'

/** One id that stands in a record, and where. */
interface Named {
  readonly path: string
  readonly id: string
}

/** A condition of the statement that writes: it fails as a whole when the writer may not see what is named. */
export interface ReferenceCheck {
  /** SQL; empty where there is nothing to ask. */
  readonly sql: string
  readonly values: readonly unknown[]
  /** RECORD_REFUSED with a path for each, where that is why the statement failed; else the error as it is. */
  explain(error: unknown): unknown
}

/**
 * A person may name only records they can see and people they may know: to be told "exists" or not of others would
 * already be telling. Only what the person gave and changed is asked about; that a referenced row exists at all is a
 * foreign key's business. Postgres is asked in the very statement that writes, its values bound from `first` on.
 * Throws RECORD_REFUSED with a path for each, for what is known beforehand.
 */
export async function checkReferences(
  unit: Unit,
  table: RecordTable,
  before: JsonObject | null,
  after: JsonObject,
  given: JsonObject,
  by: Writer,
  first: number,
): Promise<ReferenceCheck> {
  if (by !== 'actor') return nothingToAsk
  const records = new Map<string, Named[]>()
  const people: Named[] = []
  const files: Named[] = []
  const note = (field: RecordField, path: string, value: Json | undefined, was: Json | undefined) => {
    if (isFileField(field.type.name)) files.push(...newFiles(path, value, was))
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
  const readable = (target: string) => rightsOn(unit.served, unit.actor, target).read !== null
  const asked: Asked[] = [...records]
    .filter(([target]) => readable(target))
    .map(([target, named]) => ({
      named,
      from: `${tableOf(unit.served, target).from} r WHERE r.id = x.id AND r.deleted_at IS NULL`,
      error: referenceUnknown,
    }))
  if (files.length > 0)
    asked.push({
      named: files,
      from: `${fileTable(unit, 'file')} r WHERE r.id = x.id`,
      error: fieldFileUnknown,
    })
  const check = requireSeen(unit, asked, first)
  const unseen = [...records].flatMap(([target, named]) => (readable(target) ? [] : named))
  const strangers = people.length ? await findUnknown(unit, people) : []
  const details = [...unseen.map(detail(referenceUnknown)), ...strangers.map(detail(userUnknown))]
  if (!details.length) return check
  // Refused already; what Postgres would have said belongs to the answer.
  const further = await askAlone(unit, requireSeen(unit, asked, 1))
  throw new Refusal(recordRefused, {}, [...further, ...details])
}

/** For writes that name nothing new. */
export const nothingToAsk: ReferenceCheck = { sql: '', values: [], explain: (error) => error }

/** SQLSTATE with which `cw_require_seen` fails; the ids stand in its detail. */
const unseenState = 'CW001'

/** What is named of one kind, and the rows in which the writer must see it. */
interface Asked {
  readonly named: readonly Named[]
  readonly from: string
  readonly error: ErrorCode
}

function newFiles(path: string, value: Json | undefined, was: Json | undefined): Named[] {
  const before = Array.isArray(was) ? was : []
  if (!Array.isArray(value)) return []
  return value.flatMap((id) => (typeof id === 'string' && !before.includes(id) ? [{ path, id }] : []))
}

function requireSeen(unit: Unit, asked: readonly Asked[], first: number): ReferenceCheck {
  if (!asked.length) return nothingToAsk
  const unseen = asked.map(
    ({ from }, at) => `ARRAY(SELECT x.id FROM unnest($${first + at}::uuid[]) x (id) WHERE NOT EXISTS (
       SELECT FROM ${from}))`,
  )
  return {
    sql: `${quoteTable(unit.served.workspace.schema, 'cw_require_seen')}(${unseen.join(' || ')})`,
    values: asked.map(({ named }) => [...new Set(named.map((one) => one.id))]),
    explain(error) {
      if (codeOf(error) !== unseenState) return error
      const ids = new Set((error as DatabaseError).detail?.split(','))
      const details = asked.flatMap(({ named, error: unknown }) =>
        named.filter(({ id }) => ids.has(id.toLowerCase())).map(detail(unknown)),
      )
      return new Refusal(recordRefused, {}, details)
    },
  }
}

async function askAlone(unit: Unit, check: ReferenceCheck): Promise<readonly ErrorDetail[]> {
  if (!check.sql) return []
  try {
    await unit.query(`SELECT ${check.sql}`, check.values)
    return []
  } catch (error) {
    const refusal = check.explain(error)
    if (refusal instanceof Refusal) return refusal.details
    throw error
  }
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

async function findUnknown(unit: Unit, named: readonly Named[]): Promise<Named[]> {
  const strangers = new Set(await findStrangers(unit, new Set(named.map((one) => one.id))))
  return named.filter((one) => strangers.has(one.id))
}
