import type { ErrorDetail } from '@channelwright/runtime/errors/create-error.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { recordRefused } from '@channelwright/runtime/errors/records.ts'
import * as errors from '@channelwright/runtime/errors/uploads.ts'
import type { RecordFollower, Unit } from '../db/unit.ts'
import { type RecordField, type RecordTable, tableOf } from '../records/record-table.ts'
import type { ServedRelease } from '../services.ts'
import { fileTable, isFileField, planSweep } from './file-rows.ts'
import { isAmong } from './file-type.ts'

/** What a record holds from now on belongs to it, what it no longer holds did. In the transaction that writes it. */
export const bindFiles: RecordFollower = async (unit, { object, id, before, after }) => {
  const { objectId, fields } = fileFieldsOf(unit.served, object)
  if (fields.length === 0) return
  const changes = fields.flatMap((field) => {
    const [was, is] = [idsIn(before?.[field.key]), idsIn(after?.[field.key])]
    const added = is.filter((one) => !was.includes(one))
    const gone = was.filter((one) => !is.includes(one))
    return added.length + gone.length > 0 ? [{ field, added, gone }] : []
  })
  if (changes.length === 0) return
  await unit.asEngine(async () => {
    const details: ErrorDetail[] = []
    for (const { field, added, gone } of changes) {
      const owner = { object: objectId, field: field.definition['x-id'], record: id }
      if (added.length > 0) details.push(...(await addTo(unit, field, owner, added)))
      if (gone.length > 0) await takeFrom(unit, owner, gone)
    }
    if (details.length > 0) throw new Refusal(recordRefused, {}, details)
  })
}

interface Owner {
  readonly object: string
  readonly field: string
  readonly record: string
}

async function addTo(
  unit: Unit,
  field: RecordField,
  owner: Owner,
  ids: readonly string[],
): Promise<ErrorDetail[]> {
  // Locks them: what is swept away at this moment is either here first, or unknown.
  const rows = await unit.query<{ id: string; name: string; type: string; bytes: string }>(
    `UPDATE ${fileTable(unit, 'file')} SET bound_at = COALESCE(bound_at, $2) WHERE id = ANY ($1::uuid[])
     RETURNING id, name, type, bytes::text AS bytes`,
    [ids, unit.now],
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  // What was taken once stays what it is: a record that comes back from the bin holds what it held.
  const held = await unit.query<{ file: string }>(
    `SELECT file FROM ${fileTable(unit, 'file_use')} WHERE file = ANY ($1::uuid[]) AND record = $2 AND field = $3`,
    [ids, owner.record, owner.field],
  )
  const known = new Set(held.map((row) => row.file))
  const details = ids.flatMap((id) => {
    const file = found.get(id)
    const path = `/${field.key}`
    const tell = (code: string, message: ErrorDetail['message']): ErrorDetail[] => [{ path, code, message }]
    if (!file) return tell(errors.fieldFileUnknown.code, errors.fieldFileUnknown.message)
    if (known.has(id)) return []
    const { accept, maxBytes } = limitsOf(field)
    const values = { name: file.name, limit: Math.floor(maxBytes / 1024 / 1024) }
    if (!isAmong(file.type, accept))
      return tell(errors.fieldFileType.code, fill(errors.fieldFileType.message, values))
    if (Number(file.bytes) > maxBytes)
      return tell(errors.fieldFileSize.code, fill(errors.fieldFileSize.message, values))
    return []
  })
  if (details.length > 0) return details
  await unit.query(
    `INSERT INTO ${fileTable(unit, 'file_use')} (file, object, field, record, at)
     SELECT file, $2, $3, $4, $5 FROM unnest($1::uuid[]) AS file
     ON CONFLICT (file, record, field) WHERE record IS NOT NULL DO UPDATE SET ended_at = NULL`,
    [ids, owner.object, owner.field, owner.record, unit.now],
  )
  return []
}

async function takeFrom(unit: Unit, owner: Owner, ids: readonly string[]): Promise<void> {
  await unit.query(
    `UPDATE ${fileTable(unit, 'file_use')} SET ended_at = $4
     WHERE file = ANY ($1::uuid[]) AND record = $2 AND field = $3 AND ended_at IS NULL`,
    [ids, owner.record, owner.field, unit.now],
  )
  planSweep(unit, unit.services.config.keepFilesDays * 24)
}

function fill(
  message: ErrorDetail['message'],
  values: Readonly<Record<string, unknown>>,
): ErrorDetail['message'] {
  const put = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  return { en: put(message.en), zh: put(message.zh) }
}

/** The fields of an object that hold files; found once per release. */
export function fileFieldsOf(
  served: ServedRelease,
  object: string,
): { readonly objectId: string; readonly fields: readonly RecordField[] } {
  const address = `files/fields/${object}`
  const kept = served.cache.get(address) as ReturnType<typeof fileFieldsOf> | undefined
  if (kept) return kept
  const table: RecordTable = tableOf(served, object)
  const found = {
    objectId: table.object['x-id'],
    fields: [...table.fields.values()].filter((field) => isFileField(field.type.name)),
  }
  served.cache.set(address, found)
  return found
}

function limitsOf({ type, definition }: RecordField): { accept: readonly string[]; maxBytes: number } {
  const given = definition['x-accept']
  const accept = Array.isArray(given) ? given.map(String) : type.name === 'image' ? ['image/*'] : ['*/*']
  const megabytes = definition['x-max-size']
  return {
    accept: accept.includes('*/*') ? ['application/*', 'audio/*', 'image/*', 'text/*', 'video/*'] : accept,
    maxBytes: typeof megabytes === 'number' ? megabytes * 1024 * 1024 : Number.MAX_SAFE_INTEGER,
  }
}

function idsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}
