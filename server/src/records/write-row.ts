import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import type { ReferenceCheck } from './check-references.ts'
import type { ObjectRights } from './object-rights.ts'
import { bindValue, platformColumns, type RecordField, type RecordTable } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'

/** The person who writes; null where it is nobody with an account. */
export function writerOf(unit: Unit): string | null {
  return uuid.test(unit.actor.user) ? unit.actor.user : null
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** What every update of a row says of itself, bound from `first` on by the values of `stamp`. */
export function stampSql(first: number): string {
  return `rev = $${first}, release = $${first + 1}, updated_at = $${first + 2}, updated_by = $${first + 3}`
}

export function stamp(unit: Unit, rev: number): unknown[] {
  return [rev, unit.served.number, unit.now, writerOf(unit)]
}

/**
 * The columns are always the same for one role, whatever is filled in, so that the statement stays prepared; fields
 * beyond the role's own are named only when they hold something.
 */
export function insertedFields(
  table: RecordTable,
  after: JsonObject,
  rights: ObjectRights | null,
): RecordField[] {
  return [...table.fields.values()].filter(
    (field) =>
      field.column && (!rights || rights.create?.has(field.key) || (after[field.key] ?? null) !== null),
  )
}

export function insertRow(
  unit: Unit,
  table: RecordTable,
  after: JsonObject,
  fields: readonly RecordField[],
  check: ReferenceCheck,
  rights: ObjectRights | null,
): Promise<unknown[]> {
  const columns = [...platformColumns, ...fields.map((field) => field.column)]
  const marks = columns.map((_, at) => `$${at + 1}`).join(', ')
  const rows = check.sql ? `SELECT ${marks} WHERE ${check.sql}` : `VALUES (${marks})`
  return runPrepared(
    unit,
    `INSERT INTO ${table.from} (${columns.join(', ')}) ${rows}`,
    [
      ...platformColumns.map((name) => after[name]),
      ...fields.map((field) => bindValue(after[field.key], field)),
      ...check.values,
    ],
    // Statements of the engine are other statements to Postgres than the same text of a person.
    rights ? unit.actor.pgRole : 'engine',
  )
}

/** The number of the first value that an update binds for a field. */
export const updatedFrom = 7

/** Answers with a row, or with none where the record is not what it was, or not the writer's to change. */
export function updateRow(
  unit: Unit,
  table: RecordTable,
  before: JsonObject,
  after: JsonObject,
  fields: readonly RecordField[],
  check: ReferenceCheck,
): Promise<unknown[]> {
  const sets = fields.map((field, at) => `${field.column} = $${at + updatedFrom}`)
  const conditions = ['id = $1', 'rev = $2', 'deleted_at IS NULL', ...(check.sql ? [check.sql] : [])]
  return runPrepared(
    unit,
    `UPDATE ${table.from} SET ${[stampSql(3), ...sets].join(', ')} WHERE ${conditions.join(' AND ')} RETURNING id`,
    [
      before.id,
      before.rev,
      ...stamp(unit, after.rev as number),
      ...fields.map((field) => bindValue(after[field.key], field)),
      ...check.values,
    ],
  )
}
