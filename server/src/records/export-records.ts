import { Readable } from 'node:stream'
import type { RecordJson } from '@channelwright/runtime/api/records.ts'
import { titleOf } from '@channelwright/runtime/fields/shared.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { stringify } from 'csv-stringify'
import { inUnit } from '../db/unit.ts'
import type { Actor, ServedRelease, Services } from '../services.ts'
import { chooseFields, type ListQuery, listRecords } from './list-records.ts'
import { readableFields, requireRight, rightsOn } from './object-rights.ts'
import { type RecordField, tableOf } from './record-table.ts'

interface ExportContext {
  readonly services: Services
  readonly served: ServedRelease
  readonly actor: Actor
}

type ExportQuery = Pick<ListQuery, 'filter' | 'search' | 'view' | 'sort' | 'fields'>

/** Types whose text is a number, date or code by its schema and can never be a formula. */
const plainTypes = new Set([
  'integer',
  'decimal',
  'money',
  'percent',
  'date',
  'datetime',
  'boolean',
  'period',
])
const page = 200

/**
 * A list as CSV, streamed page by page: UTF-8 with a mark that spreadsheets know it by, titles in the reader's
 * language, and nothing that a spreadsheet would run as a formula. Refuses before the first byte, or not at all.
 */
export async function exportRecords(
  context: ExportContext,
  object: string,
  query: ExportQuery,
  locale: Locale,
): Promise<Readable> {
  const { services, served, actor } = context
  requireRight(rightsOn(served, actor, object), object, 'export')
  const fields = chooseFields(tableOf(served, object), readableFields(served, actor, object), query.fields)
  const expand = fields
    .filter(({ type }) => ['reference', 'user', 'file', 'image'].includes(type.name))
    .map(({ key }) => key)
  const read = (cursor?: string) =>
    inUnit(
      services,
      served,
      actor,
      (unit) =>
        listRecords(unit, object, {
          ...query,
          fields: fields.map((field) => field.key),
          expand,
          limit: page,
          last: true,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      { readOnly: true },
    )
  // The first page is read before anything is sent, so that a bad filter is still answered as a problem.
  const first = await read()
  async function* rows() {
    yield ['id', ...fields.map((field) => guardFormula(titleOf(field.definition, locale)))]
    for (let next = first; ; next = await read(next.next)) {
      for (const record of next.records)
        yield writeRow(record, fields, next.titles, locale, served.workspace.timeZone)
      if (next.next === null) return
    }
  }
  const csv = stringify({ bom: true, record_delimiter: 'windows' })
  const source = Readable.from(rows())
  source.on('error', (error) => csv.destroy(error))
  csv.on('close', () => source.destroy())
  return source.pipe(csv)
}

function writeRow(
  record: RecordJson,
  fields: readonly RecordField[],
  titles: Readonly<Record<string, string>>,
  locale: Locale,
  timeZone: string,
): string[] {
  return [record.id, ...fields.map((field) => writeCell(record, field, titles, locale, timeZone))]
}

function writeCell(
  record: RecordJson,
  { key, type, definition }: RecordField,
  titles: Readonly<Record<string, string>>,
  locale: Locale,
  timeZone: string,
): string {
  const value = record[key] ?? null
  if (value === null) return ''
  // Numbers and days stay as they are stored: a spreadsheet reads them, a person's format it would not.
  const text =
    typeof value === 'string' && plainTypes.has(type.name)
      ? value
      : type.format(value, definition, locale, titles, timeZone)
  return plainTypes.has(type.name) ? text : guardFormula(text)
}

/** A leading quote keeps spreadsheets from running text that begins like a formula. */
export function guardFormula(text: string): string {
  return /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
