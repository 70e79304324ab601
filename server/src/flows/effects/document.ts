import { Readable } from 'node:stream'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { documentUnknown } from '@channelwright/runtime/errors/documents.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Unit } from '../../db/unit.ts'
import { fillDocument } from '../../files/documents/fill-document.ts'
import { printDocument } from '../../files/documents/print-document.ts'
import { readAsEngine } from '../../files/documents/read-record.ts'
import { insertFile } from '../../files/file-rows.ts'
import { keepStream } from '../../files/receive-file.ts'
import { loadWhole } from '../../records/load-whole.ts'
import { tableOf } from '../../records/record-table.ts'
import { updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/**
 * Prints and keeps a document: its row and its place in the record come with the transaction that marks the effect done,
 * so there is one, however often it is tried. Bytes of a try that came to nothing are swept away.
 */
export const documentEffect: ApplyEffect = async (unit, run, payload) => {
  const { services, served } = unit
  const key = String(payload.document)
  const into = String(payload.into)
  const document = served.release.documents.get(key)
  if (!document)
    throw new Refusal(documentUnknown, { name: key, known: [...served.release.documents.keys()].join(', ') })
  const locale =
    payload.locale === 'en' || payload.locale === 'zh' ? payload.locale : await localeOf(unit, run.applicant)
  const filled = await fillDocument(unit, document, run.record, locale, readAsEngine(unit))
  const pdf = await printDocument(filled, unit.now)
  const config = { ...services.config, fileTypes: ['application/pdf'] }
  const kept = await keepStream(
    { ...services, config },
    served.workspace,
    Readable.from([pdf]),
    `${filled.name}.pdf`,
  )
  await insertFile(unit, kept, null)
  const held = await filesIn(unit, run.object, run.record, into)
  const files = payload.replace === true ? [kept.id] : [...held, kept.id]
  await updateRecord(unit, run.object, run.record, { [into]: files }, { by: 'flow' })
  return { file: kept.id, name: kept.name }
}

/** Takes a printed document back; it was never more than one of several in its field. */
export const removeFileEffect: ApplyEffect = async (unit, run, payload) => {
  const into = String(payload.into)
  const held = await filesIn(unit, run.object, run.record, into)
  const left = held.filter((id) => id !== payload.file)
  if (left.length < held.length)
    await updateRecord(unit, run.object, run.record, { [into]: left }, { by: 'flow' })
  return { file: payload.file ?? null }
}

async function filesIn(unit: Unit, object: string, record: string, field: string): Promise<string[]> {
  const whole: JsonObject = await loadWhole(unit, tableOf(unit.served, object), record, 'flow')
  const held = whole[field]
  return Array.isArray(held) ? held.filter((id): id is string => typeof id === 'string') : []
}

/** Of whoever applied; English where nobody did. */
async function localeOf({ services }: Unit, user: string): Promise<Locale> {
  const { rows } = await services.owner.query<{ locale: string }>(
    'SELECT locale FROM channelwright."user" WHERE id = $1',
    [user],
  )
  return isJsonObject(rows[0]) && rows[0].locale === 'zh' ? 'zh' : 'en'
}
