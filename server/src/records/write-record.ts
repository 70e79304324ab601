import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound, recordStale, rowForbidden } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { RecordChange, Unit } from '../db/unit.ts'
import { type Allotted, allotNumber } from './allot-number.ts'
import { fillComputed, moveHolds } from './apply-object.ts'
import { checkReferences } from './check-references.ts'
import { inGuard } from './constraint-guard.ts'
import { explainRefusal } from './database-errors.ts'
import { followers } from './followers.ts'
import { readId } from './get-record.ts'
import { inBin } from './in-bin.ts'
import { checkMove } from './lifecycle.ts'
import { loadWhole } from './load-whole.ts'
import { type ObjectRights, requireRight, rightsOn } from './object-rights.ts'
import { identifyLines, writeLines } from './record-lines.ts'
import { bindValue, type RecordField, type RecordTable, tableOf } from './record-table.ts'
import { runPrepared } from './run-prepared.ts'
import { formFieldsOnly, submitForm } from './submit-form.ts'
import { checkFieldRights, checkWhole, readInput, readTrusted } from './validate-record.ts'

/**
 * Who writes: a person with their own rights; a flow's action, which runs as the engine and may make moves that are
 * the flow's alone; a seed (demo data, the givens of a case), which puts records in as they stand.
 */
export type Writer = 'actor' | 'flow' | 'seed'

export interface WriteOptions {
  readonly by?: Writer
  /** The form the values came through; its rules apply and its `submit.set` is carried out. */
  readonly form?: string
  /** Refuse with RECORD_STALE unless the record still has this number. */
  readonly ifMatch?: number
  /** Seeds only: the id of the new record. */
  readonly id?: string
}

/** A record as it stands after a write, whole: what the writer may read of it is for the caller to cut out. */
export interface Written {
  readonly id: string
  readonly rev: number
  readonly before: JsonObject | null
  readonly after: JsonObject | null
}

/** Validates, computes, numbers, stores and follows up a new record. Refuses with the codes of `errors/records.ts`. */
export async function createRecord(
  unit: Unit,
  object: string,
  input: JsonObject,
  options: WriteOptions = {},
): Promise<Written> {
  return asWriter(unit, options, async (by) => {
    const table = tableOf(unit.served, object)
    const rights = by === 'actor' ? rightsOn(unit.served, unit.actor, object) : null
    if (rights) requireRight(rights, object, 'create')
    const given = readGiven(unit, table, input, rights?.create ?? null, options)
    const defaults = defaultsOf(table)
    const values = options.form
      ? await submitForm(unit, table, options.form, null, given, defaults)
      : { ...defaults, ...given }
    const after = await settle(unit, table, null, values, by)
    after.id = options.id ?? unit.services.ids.next()
    const numbers = await fillNumbers(unit, table, after)
    try {
      await Promise.allSettled([
        checkReferences(unit, table, null, after, given, by),
        inGuard(unit, table, after, () => insertRow(unit, table, after, rights)),
      ]).then(throwFirst)
      await storeLines(unit, table, [...table.fields.values()], null, after)
    } catch (error) {
      for (const number of numbers) number.giveBack()
      throw error
    }
    await follow(unit, { object, id: after.id as string, before: null, after, by })
    return { id: after.id as string, rev: 1, before: null, after }
  })
}

/** Changes the fields that `input` names; null empties one. Writes nothing when nothing changes. */
export async function updateRecord(
  unit: Unit,
  object: string,
  id: string,
  input: JsonObject,
  options: WriteOptions = {},
): Promise<Written> {
  return asWriter(unit, options, async (by) => {
    const table = tableOf(unit.served, object)
    const rights = by === 'actor' ? rightsOn(unit.served, unit.actor, object) : null
    if (rights) requireRight(rights, object, 'update')
    const given = readGiven(unit, table, input, rights?.update ?? null, options)
    const before = await loadWhole(unit, table, readId(id), by)
    checkMatch(before, options)
    const values = options.form
      ? await submitForm(unit, table, options.form, before, given, {})
      : { ...before, ...given }
    const after = await settle(unit, table, before, values, by)
    const changed = [...table.fields.values()].filter(
      (field) => !sameJson(before[field.key], after[field.key]),
    )
    if (!changed.length) return { id: before.id as string, rev: before.rev as number, before, after: before }
    const [, rows] = await Promise.allSettled([
      checkReferences(unit, table, before, after, given, by),
      inGuard(unit, table, after, () => updateRow(unit, table, before, after, changed)),
    ]).then(throwFirst)
    if (!rows.length) await explainMiss(unit, table, before, options)
    await storeLines(unit, table, changed, before, after)
    await follow(unit, { object, id: before.id as string, before, after, by })
    return { id: before.id as string, rev: after.rev as number, before, after }
  })
}

/** Moves a record to the bin: it is gone from every list and read, and can be restored. */
export async function deleteRecord(
  unit: Unit,
  object: string,
  id: string,
  options: WriteOptions = {},
): Promise<Written> {
  return asWriter(unit, options, async (by) => {
    const table = tableOf(unit.served, object)
    if (by === 'actor') requireRight(rightsOn(unit.served, unit.actor, object), object, 'delete')
    const before = await loadWhole(unit, table, readId(id), by)
    checkMatch(before, options)
    const rev = (before.rev as number) + 1
    const rows = await inBin(unit, by, () =>
      unit.query(
        `UPDATE ${table.from} SET deleted_at = $3, ${stampSql(4)} WHERE id = $1 AND rev = $2 AND deleted_at IS NULL RETURNING id`,
        [before.id, before.rev, unit.now, ...stamp(unit, rev)],
      ),
    )
    if (!rows.length) await explainMiss(unit, table, before, options)
    await follow(unit, { object, id: before.id as string, before, after: null, by })
    return { id: before.id as string, rev, before, after: null }
  })
}

/** Brings a record back from the bin. Refused where its place was taken meanwhile (unique, exclusive). */
export async function restoreRecord(
  unit: Unit,
  object: string,
  id: string,
  options: WriteOptions = {},
): Promise<Written> {
  return asWriter(unit, options, async (by) => {
    const table = tableOf(unit.served, object)
    if (by === 'actor') requireRight(rightsOn(unit.served, unit.actor, object), object, 'delete')
    const record = readId(id)
    const binned = await loadWhole(unit, table, record, 'seed', { deleted: true })
    const rows = await inGuard(unit, table, binned, () =>
      inBin(unit, by, () =>
        unit.query(
          `UPDATE ${table.from} SET deleted_at = NULL, ${stampSql(2)} WHERE id = $1 AND deleted_at IS NOT NULL RETURNING id`,
          [record, ...stamp(unit, (binned.rev as number) + 1)],
        ),
      ),
    )
    if (!rows.length) throw new Refusal(recordNotFound)
    const after = await loadWhole(unit, table, record, by)
    await follow(unit, { object, id: record, before: null, after, by })
    return { id: record, rev: after.rev as number, before: null, after }
  })
}

/** Flows and seeds write as the engine: no person's rights apply. */
function asWriter<T>(unit: Unit, options: WriteOptions, work: (by: Writer) => Promise<T>): Promise<T> {
  const by = options.by ?? 'actor'
  return by === 'actor' ? work(by) : unit.asEngine(() => work(by))
}

function readGiven(
  unit: Unit,
  table: RecordTable,
  input: JsonObject,
  allowed: ReadonlySet<string> | null,
  options: WriteOptions,
): JsonObject {
  if ((options.by ?? 'actor') !== 'actor') return readTrusted(table, input)
  const given = readInput(unit.served, table, input)
  if (!options.form && allowed) {
    checkFieldRights(Object.keys(given), allowed)
    formFieldsOnly(unit, table, given)
  }
  return given
}

function defaultsOf(table: RecordTable): JsonObject {
  const values: JsonObject = {}
  for (const { key, definition } of table.fields.values())
    if (definition.default !== undefined) values[key] = structuredClone(definition.default) as Json
  const { lifecycle } = table.object
  if (lifecycle) values[lifecycle.field] = lifecycle.initial
  return values
}

/** Everything that follows from the values themselves: states, computed fields, lines, the schema as a whole. */
async function settle(
  unit: Unit,
  table: RecordTable,
  before: JsonObject | null,
  values: JsonObject,
  by: Writer,
): Promise<JsonObject> {
  const filled: JsonObject = {}
  for (const field of table.fields.values()) {
    const value = values[field.key]
    filled[field.key] = field.lines ? identifyLines(unit, field, value, before?.[field.key]) : (value ?? null)
  }
  const stamped = { ...filled, ...stampOf(unit, before) }
  const after = await fillComputed(unit, table, stamped)
  if (by !== 'seed') checkMove(table, before, after, by, await moveHolds(unit, table, after))
  checkWhole(unit.served, table, after)
  return after
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

function stampOf(unit: Unit, before: JsonObject | null): JsonObject {
  const user = uuid.test(unit.actor.user) ? unit.actor.user : null
  return {
    id: before?.id ?? null,
    rev: before ? (before.rev as number) + 1 : 1,
    release: unit.served.number,
    created_at: before?.created_at ?? unit.now,
    created_by: before ? (before.created_by ?? null) : user,
    updated_at: unit.now,
    updated_by: user,
  }
}

function stampSql(first: number): string {
  return `rev = $${first}, release = $${first + 1}, updated_at = $${first + 2}, updated_by = $${first + 3}`
}

function stamp(unit: Unit, rev: number): unknown[] {
  return [rev, unit.served.number, unit.now, uuid.test(unit.actor.user) ? unit.actor.user : null]
}

async function fillNumbers(unit: Unit, table: RecordTable, after: JsonObject): Promise<Allotted[]> {
  const numbers: Allotted[] = []
  for (const field of table.fields.values()) {
    if (field.type.name !== 'sequence' || (after[field.key] ?? null) !== null) continue
    const number = await allotNumber(unit, table, field)
    numbers.push(number)
    after[field.key] = number.text
  }
  return numbers
}

/**
 * The columns are always the same for one role, whatever is filled in, so that the statement stays prepared; fields
 * beyond the role's own are named only when they hold something.
 */
function insertRow(
  unit: Unit,
  table: RecordTable,
  after: JsonObject,
  rights: ObjectRights | null,
): Promise<unknown[]> {
  const fields = [...table.fields.values()].filter(
    (field) => field.column && (!rights || rights.create?.has(field.key) || after[field.key] !== null),
  )
  const names = ['id', 'rev', 'release', 'created_at', 'created_by', 'updated_at', 'updated_by']
  const columns = [...names, ...fields.map((field) => field.column)]
  const values = [
    ...names.map((name) => after[name]),
    ...fields.map((field) => bindValue(after[field.key], field)),
  ]
  const marks = columns.map((_, at) => `$${at + 1}`)
  return runPrepared(
    unit,
    `INSERT INTO ${table.from} (${columns.join(', ')}) VALUES (${marks.join(', ')})`,
    values,
    roleOf(unit, rights),
  )
}

function updateRow(
  unit: Unit,
  table: RecordTable,
  before: JsonObject,
  after: JsonObject,
  changed: readonly RecordField[],
): Promise<unknown[]> {
  const stored = changed.filter((field) => field.column)
  const sets = stored.map((field, at) => `${field.column} = $${at + 7}`)
  return unit.query(
    `UPDATE ${table.from} SET ${[stampSql(3), ...sets].join(', ')}
     WHERE id = $1 AND rev = $2 AND deleted_at IS NULL RETURNING id`,
    [
      before.id,
      before.rev,
      ...stamp(unit, after.rev as number),
      ...stored.map((field) => bindValue(after[field.key], field)),
    ],
  )
}

async function storeLines(
  unit: Unit,
  table: RecordTable,
  fields: readonly RecordField[],
  before: JsonObject | null,
  after: JsonObject,
): Promise<void> {
  try {
    for (const field of fields)
      if (field.lines)
        await writeLines(
          unit,
          field,
          after.id as string,
          after[field.key] as JsonObject[],
          before?.[field.key],
        )
  } catch (error) {
    throw await explainRefusal(unit, table, after, error)
  }
}

/** Statements of the engine are other statements to Postgres than the same text of a person. */
function roleOf(unit: Unit, rights: ObjectRights | null): string {
  return rights ? unit.actor.pgRole : 'engine'
}

function checkMatch(before: JsonObject, options: WriteOptions): void {
  if (options.ifMatch !== undefined && before.rev !== options.ifMatch) throw new Refusal(recordStale)
}

/** No row was written: somebody was faster, or the grant does not cover this row. */
async function explainMiss(
  unit: Unit,
  table: RecordTable,
  before: JsonObject,
  options: WriteOptions,
): Promise<never> {
  const [now] = await unit.query<{ rev: number }>(
    `SELECT t.rev FROM ${table.from} t WHERE t.id = $1 AND t.deleted_at IS NULL`,
    [before.id],
  )
  if (!now) throw new Refusal(recordNotFound)
  if (now.rev === before.rev) throw new Refusal(rowForbidden)
  if (options.ifMatch !== undefined) throw new Refusal(recordStale)
  // Read, computed and lost the race: the unit runs again from its start, as after a serialization failure.
  throw Object.assign(new Error('the record changed while it was being written'), { code: '40001' })
}

async function follow(unit: Unit, change: RecordChange): Promise<void> {
  for (const follower of followers) await follower(unit, change)
}

/** Of several things tried at once the first failure counts; the later ones often only follow from it. */
function throwFirst<A, B>(results: readonly [PromiseSettledResult<A>, PromiseSettledResult<B>]): [A, B] {
  for (const result of results) if (result.status === 'rejected') throw result.reason
  const [a, b] = results as [PromiseFulfilledResult<A>, PromiseFulfilledResult<B>]
  return [a.value, b.value]
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}
