import type { ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fieldGenerated, fieldType } from '@channelwright/runtime/errors/fields.ts'
import { fieldForbidden, fieldNotYours, recordInvalid } from '@channelwright/runtime/errors/records.ts'
import { normalizeRecord, recordSchema } from '@channelwright/runtime/fields/record-schema.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { ServedRelease } from '../services.ts'
import type { RecordTable } from './record-table.ts'

type Check = (value: Json) => ErrorDetail[]

/** Compiled once per release and object. */
function checkOf(served: ServedRelease, table: RecordTable, form: 'input' | 'whole'): Check {
  const address = `records/check/${table.key}/${form}`
  const kept = served.cache.get(address) as Check | undefined
  if (kept) return kept
  const check = compileCheck(createValidator(), recordSchema(table.object, form))
  served.cache.set(address, check)
  return check
}

/**
 * What a caller sent, checked for shape (types, formats, extra properties) and brought to the one form in which
 * values are kept. Throws RECORD_INVALID with a path for every mistake.
 */
export function readInput(served: ServedRelease, table: RecordTable, input: unknown): JsonObject {
  if (!isJsonObject(input)) throw new Refusal(recordInvalid, {}, [shapeDetail()])
  const details = checkOf(served, table, 'input')(input)
  for (const key of Object.keys(input))
    if (table.fields.get(key)?.definition.readOnly === true && !details.some((d) => d.path === `/${key}`))
      details.push({ path: `/${key}`, code: fieldGenerated.code, message: fieldGenerated.message })
  if (details.length) throw new Refusal(recordInvalid, {}, details)
  return normalizeRecord(table.object, input)
}

function shapeDetail(): ErrorDetail {
  const message = {
    en: fieldType.message.en.replace('{expected}', 'object'),
    zh: fieldType.message.zh.replace('{expected}', 'object'),
  }
  return { path: '', code: fieldType.code, message }
}

/** Values that the platform itself wrote down (seeds, flows): shape only, whoever fills the fields. */
export function readTrusted(table: RecordTable, input: JsonObject): JsonObject {
  const details = Object.keys(input)
    .filter((key) => !table.fields.has(key))
    .map((key) => ({ path: `/${key}`, code: fieldNotYours.code, message: fieldNotYours.message }))
  if (details.length) throw new Refusal(recordInvalid, {}, details)
  return normalizeRecord(table.object, input)
}

/** What a write leaves as it found it. */
export interface Untouched {
  /** Fields whose values the write does not change. */
  readonly same: ReadonlySet<string>
  /** Whether the writer could fill a required field that was empty before. */
  mayFill(key: string): boolean
}

/**
 * The record as it will stand, required fields and all. A field that the write does not touch is not held against
 * limits that came after its value did: whoever changes something else would be refused for it, and so would a flow.
 * An empty field that has become required is asked of those who may fill it. Throws RECORD_INVALID.
 */
export function checkWhole(
  served: ServedRelease,
  table: RecordTable,
  record: JsonObject,
  untouched: Untouched | null = null,
): void {
  const filled: JsonObject = {}
  for (const key of table.fields.keys()) {
    const value = record[key]
    // A required field that is empty is told as missing, not as being of the wrong type.
    if (value !== null && value !== undefined) filled[key] = value
  }
  const details = checkOf(
    served,
    table,
    'whole',
  )(filled).filter(({ path }) => {
    const key = path.split('/')[1] ?? ''
    return !untouched?.same.has(key) || (!(key in filled) && untouched.mayFill(key))
  })
  if (details.length) throw new Refusal(recordInvalid, {}, details)
}

/** Throws FIELD_FORBIDDEN, naming every field that the grants do not let one write. */
export function checkFieldRights(keys: Iterable<string>, allowed: ReadonlySet<string>): void {
  const details = [...keys]
    .filter((key) => !allowed.has(key))
    .map((key) => ({ path: `/${key}`, code: fieldNotYours.code, message: fieldNotYours.message }))
  if (details.length) throw new Refusal(fieldForbidden, {}, details)
}
