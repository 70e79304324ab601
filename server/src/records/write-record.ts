import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordNotFound, recordStale, rowForbidden } from '@channelwright/runtime/errors/records.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { RecordChange, Unit } from '../db/unit.ts'
import { type Allotted, allotNumber } from './allot-number.ts'
import { fillComputed, moveHolds } from './apply-object.ts'
import { checkReferences, nothingToAsk } from './check-references.ts'
import { inGuard } from './constraint-guard.ts'
import { explainRefusal } from './database-errors.ts'
import { followers } from './followers.ts'
import { readId } from './get-record.ts'
import { inBin } from './in-bin.ts'
import { forgetRecord, keepRecord } from './kept-records.ts'
import { checkMove } from './lifecycle.ts'
import { loadWhole } from './load-whole.ts'
import { type ObjectRights, requireRight, rightsOn } from './object-rights.ts'
import { identifyLines, writeLines } from './record-lines.ts'
import { platformColumns, type RecordField, type RecordTable, tableOf } from './record-table.ts'
import { fieldsOpenOn } from './row-rules.ts'
import { formFieldsOnly, submitForm } from './submit-form.ts'
import { checkFieldRights, checkWhole, readInput, readTrusted } from './validate-record.ts'
import { insertedFields, insertRow, stamp, stampSql, updatedFrom, updateRow, writerOf } from './write-row.ts'

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
  /** Whom the person chose for steps of the flows that this starts. */
  readonly picks?: RecordChange['picks']
  /** Seeds only: the id of the new record. */
  readonly id?: string
  /** The unit asks for nothing after this. Called before its end is sent, where that may travel with the write. */
  readonly last?: (written: Written) => void
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
    const { table, rights, given } = beginWrite(unit, object, input, 'create', options)
    const defaults = defaultsOf(table)
    const values = options.form
      ? await submitForm(unit, table, options.form, null, given, defaults)
      : { ...defaults, ...given }
    const after = await settle(unit, table, null, values, by)
    after.id = options.id ?? unit.services.ids.next()
    const written: Written = { id: after.id as string, rev: 1, before: null, after }
    const change: RecordChange = { object, id: written.id, before: null, after, by, ...picksOf(options) }
    if (by === 'actor') await checkOpenFields(unit, table, 'create', defaults, after, options.form)
    const numbers = await fillNumbers(unit, table, after)
    try {
      const columns = insertedFields(table, after, rights)
      const first = platformColumns.length + columns.length + 1
      const check = await checkReferences(unit, table, null, after, given, by, first)
      const inserting = inGuard(unit, table, after, check, () =>
        insertRow(unit, table, after, columns, check, rights),
      )
      if (waitsForRow(table)) {
        await inserting
        await storeLines(unit, table, [...table.fields.values()], null, after)
        await follow(unit, change)
      } else
        await allInOne(
          inserting,
          follow(unit, change).then(() => {
            if (!options.last) return
            options.last(written)
            unit.finish()
          }),
        )
    } catch (error) {
      for (const number of numbers) number.giveBack()
      throw error
    }
    return written
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
    const { table, rights, given } = beginWrite(unit, object, input, 'update', options)
    const before = await loadWhole(unit, table, readId(id), by)
    checkMatch(before, options)
    const values = options.form
      ? await submitForm(unit, table, options.form, before, given, {})
      : { ...before, ...given }
    const after = await settle(unit, table, before, values, by, rights?.update ?? null)
    const changed = [...table.fields.values()].filter(
      (field) => !sameJson(before[field.key], after[field.key]),
    )
    if (!changed.length) return { id: before.id as string, rev: before.rev as number, before, after: before }
    if (by === 'actor') await checkOpenFields(unit, table, 'update', before, after, options.form)
    const stored = changed.filter((field) => field.column)
    const first = updatedFrom + stored.length
    const check = await checkReferences(unit, table, before, after, given, by, first)
    const rows = await inGuard(unit, table, after, check, () =>
      updateRow(unit, table, before, after, stored, check),
    )
    if (!rows.length) await explainMiss(unit, table, before, options)
    await storeLines(unit, table, changed, before, after)
    forgetRecord(unit, table, before.id as string)
    if (by === 'flow') keepRecord(unit, table, before.id as string, 'whole', after)
    await follow(unit, { object, id: before.id as string, before, after, by, ...picksOf(options) })
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
    forgetRecord(unit, table, before.id as string)
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
    const rows = await inGuard(unit, table, binned, nothingToAsk, () =>
      inBin(unit, by, () =>
        unit.query(
          `UPDATE ${table.from} SET deleted_at = NULL, ${stampSql(2)} WHERE id = $1 AND deleted_at IS NOT NULL RETURNING id`,
          [record, ...stamp(unit, (binned.rev as number) + 1)],
        ),
      ),
    )
    if (!rows.length) throw new Refusal(recordNotFound)
    forgetRecord(unit, table, record)
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

function picksOf({ picks }: WriteOptions): Pick<RecordChange, 'picks'> {
  return picks === undefined ? {} : { picks }
}

/** What creating and updating begin with: the object, what the writer may do with it, the values in their one form. */
function beginWrite(
  unit: Unit,
  object: string,
  input: JsonObject,
  action: 'create' | 'update',
  { by = 'actor', form }: WriteOptions,
): { table: RecordTable; rights: ObjectRights | null; given: JsonObject } {
  const table = tableOf(unit.served, object)
  if (by !== 'actor') return { table, rights: null, given: readTrusted(table, input) }
  const rights = rightsOn(unit.served, unit.actor, object)
  requireRight(rights, object, action)
  const given = readInput(unit.served, table, input)
  const allowed = rights[action]
  if (!form && allowed) {
    checkFieldRights(Object.keys(given), allowed)
    formFieldsOnly(unit, table, given)
  }
  return { table, rights, given }
}

/**
 * Fields that some grant opens, though not on this record, may not differ from what they would be without the writer;
 * what a form fills is not the writer's. Throws FIELD_FORBIDDEN.
 */
async function checkOpenFields(
  unit: Unit,
  table: RecordTable,
  action: 'create' | 'update',
  before: JsonObject,
  after: JsonObject,
  form: string | undefined,
): Promise<void> {
  // Which grants cover a change is asked of the record as it stands, which cover a new one of what it will be.
  const open = await fieldsOpenOn(unit, table, action, action === 'update' ? before : after)
  if (!open) return
  const granted = rightsOn(unit.served, unit.actor, table.key)[action] ?? []
  const filled = form === undefined ? undefined : unit.served.release.forms.get(form)?.submit?.set
  checkFieldRights(
    [...granted].filter((key) => !filled?.[key] && !sameJson(before[key] ?? emptyOf(table, key), after[key])),
    open,
  )
}

/**
 * Whether what follows a new row must wait for it: its lines, and the savepoint before it where periods are
 * exclusive. Everything else may travel with it, for it fails with it.
 */
function waitsForRow(table: RecordTable): boolean {
  return Boolean(table.object.exclusive?.length) || [...table.fields.values()].some((field) => field.lines)
}

function defaultsOf(table: RecordTable): JsonObject {
  const values: JsonObject = {}
  for (const { key, definition } of table.fields.values())
    if (definition.default !== undefined) values[key] = copyOf(definition.default as Json)
  const { lifecycle } = table.object
  if (lifecycle) values[lifecycle.field] = lifecycle.initial
  return values
}

/** Node makes a channel for messages each time it clones by itself; nearly all defaults are a word or a number. */
function copyOf(value: Json): Json {
  return typeof value === 'object' ? (JSON.parse(JSON.stringify(value)) as Json) : value
}

/** Everything that follows from the values themselves: states, computed fields, lines, the schema as a whole. */
async function settle(
  unit: Unit,
  table: RecordTable,
  before: JsonObject | null,
  values: JsonObject,
  by: Writer,
  writable: ReadonlySet<string> | null = null,
): Promise<JsonObject> {
  const filled: JsonObject = {}
  for (const field of table.fields.values()) {
    const value = values[field.key]
    filled[field.key] = field.lines ? identifyLines(unit, field, value, before?.[field.key]) : (value ?? null)
  }
  const stamped = { ...filled, ...stampOf(unit, before) }
  const after = await fillComputed(unit, table, stamped)
  if (by !== 'seed') checkMove(table, before, after, by, await moveHolds(unit, table, after))
  const same = [...table.fields.keys()].filter((key) => before && sameJson(before[key], after[key]))
  checkWhole(unit.served, table, after, {
    same: new Set(same),
    mayFill: (key) => writable?.has(key) ?? false,
  })
  return after
}

function stampOf(unit: Unit, before: JsonObject | null): JsonObject {
  const user = writerOf(unit)
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

/** Of two things tried at once the failure of the first counts; the other's often only follows from it. */
async function allInOne(first: Promise<unknown>, second: Promise<unknown>): Promise<void> {
  for (const result of await Promise.allSettled([first, second]))
    if (result.status === 'rejected') throw result.reason
}

function emptyOf(table: RecordTable, key: string): Json {
  return table.fields.get(key)?.lines ? [] : null
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}
