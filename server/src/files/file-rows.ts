import type { FileInfo } from '@channelwright/runtime/api/files.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import * as errors from '@channelwright/runtime/errors/uploads.ts'
import type { Unit } from '../db/unit.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { sweepFilesJob } from '../jobs/sweep-files.ts'
import { quoteTable } from '../publish/quote.ts'
import { tableOf } from '../records/record-table.ts'
import { maskedColumns } from '../records/seen-table.ts'
import type { KeptFile } from './receive-file.ts'

/** Most files of one person that belong to nothing. */
const mostUnbound = 200
/** What belongs to nothing goes after this time, in hours. */
export const unboundHours = 24

export function fileTable(unit: Pick<Unit, 'served'>, name: 'file' | 'file_use'): string {
  return quoteTable(unit.served.workspace.schema, `cw_${name}`)
}

/** Throws UPLOADS_WAITING. Asked before anything is received. */
export async function refuseTooMany(unit: Unit): Promise<void> {
  const [row] = await unit.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM ${fileTable(unit, 'file')} WHERE bound_at IS NULL AND uploaded_by = $1`,
    [unit.actor.user],
  )
  if ((row?.n ?? 0) >= mostUnbound) throw new Refusal(errors.uploadsWaiting, { limit: mostUnbound })
}

/**
 * Writes down what lies in the store. `by` null: the platform printed it. Unless it comes to belong to something it is
 * taken away after a day.
 */
export async function insertFile(unit: Unit, kept: KeptFile, by: string | null): Promise<FileInfo> {
  await unit.asEngine(() =>
    unit.query(
      `INSERT INTO ${fileTable(unit, 'file')} (id, name, type, bytes, sha256, uploaded_by, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [kept.id, kept.name, kept.type, kept.bytes, kept.sha256, by, unit.now],
    ),
  )
  planSweep(unit, unboundHours)
  const { id, name, type, bytes } = kept
  return { id, name, type, bytes, at: unit.now }
}

/** Looks in so many hours for what may go; many on one day are one look. */
export function planSweep(unit: Unit, hours: number): void {
  const due = new Date(Date.parse(unit.now) + (hours + 1) * 3_600_000).toISOString()
  enqueueJob(unit, sweepFilesJob, {}, { key: due.slice(0, 13), runAt: due })
}

interface FileRow extends FileInfo {
  readonly sha256: string
}

/** Files by their ids, those alone that the person may see. */
export async function seeFiles(unit: Unit, ids: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return []
  const rows = await unit.query<Omit<FileRow, 'bytes'> & { bytes: string; bound: boolean }>(
    `SELECT id, name, type, bytes::text AS bytes, sha256, at, bound_at IS NOT NULL AS bound
     FROM ${fileTable(unit, 'file')} WHERE id = ANY ($1::uuid[])`,
    [ids],
  )
  const hidden = await hiddenByMasks(
    unit,
    rows.filter((row) => row.bound).map((row) => row.id),
  )
  return rows
    .filter((row) => !hidden.has(row.id))
    .map(({ id, name, type, bytes, sha256, at }) => ({ id, name, type, bytes: Number(bytes), sha256, at }))
}

/**
 * Postgres knows which columns a role reads, but not that a grant opens one on some rows only (`records/seen-table.ts`):
 * files that are seen through nothing but fields that stay empty to this reader on those records.
 */
async function hiddenByMasks(unit: Unit, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const masked = [...unit.served.release.objects.keys()].flatMap((key) => {
    const table = tableOf(unit.served, key)
    return [...maskedColumns(unit, table)].flatMap(([field, mask]) => {
      const definition = table.fields.get(field)
      if (!definition || !isFileField(definition.type.name)) return []
      return [{ from: table.from, object: table.object['x-id'], field: definition.definition['x-id'], mask }]
    })
  })
  if (masked.length === 0 || ids.length === 0) return new Set()
  const uses = fileTable(unit, 'file_use')
  const shown = masked.map(
    ({ from, mask }, at) =>
      `WHEN u.object = $${2 * at + 2} AND u.field = $${2 * at + 3}
       THEN EXISTS (SELECT FROM ${from} t WHERE t.id = u.record AND (${mask}))`,
  )
  const rows = await unit.query<{ file: string }>(
    `SELECT u.file FROM ${uses} u WHERE u.file = ANY ($1::uuid[])
     GROUP BY u.file HAVING NOT bool_or(CASE ${shown.join(' ')} ELSE true END)`,
    [ids, ...masked.flatMap(({ object, field }) => [object, field])],
  )
  return new Set(rows.map((row) => row.file))
}

/** Whether fields of that type hold files. */
export function isFileField(type: string): boolean {
  return type === 'file' || type === 'image'
}

/** One file that the person may see. Throws UPLOAD_UNKNOWN. */
export async function seeFile(unit: Unit, id: string): Promise<FileRow> {
  const [file] = await seeFiles(unit, [id])
  if (!file) throw new Refusal(errors.uploadUnknown)
  return file
}

/** Takes away what the person sent and nothing uses. Throws UPLOAD_UNKNOWN, UPLOAD_IN_USE. */
export async function dropFile(unit: Unit, id: string): Promise<void> {
  await seeFile(unit, id)
  const rows = await unit.asEngine(() =>
    unit.query(`DELETE FROM ${fileTable(unit, 'file')} WHERE id = $1 AND bound_at IS NULL RETURNING id`, [
      id,
    ]),
  )
  if (rows.length === 0) throw new Refusal(errors.uploadInUse)
}
