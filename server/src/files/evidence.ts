import { Readable } from 'node:stream'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  flowAttachmentUnknown,
  flowSignatureUnreadable,
} from '@channelwright/runtime/errors/flow-evidence.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { isBlankPng } from './blank-picture.ts'
import { fileTable, insertFile, seeFiles } from './file-rows.ts'
import { keepStream } from './receive-file.ts'

/** What a signature is stored as: the file that it was put into. */
export const signatureFile = 'file:'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const picture = /^data:image\/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})$/

/**
 * What a decision brings along belongs to the run from now on, in the transaction of the command: files that the person
 * named and may see, and the picture of a signature, which becomes a file. Answers with the payload as it is stored.
 * Within `asEngine`. Throws FLOW_ATTACHMENT_UNKNOWN, FLOW_SIGNATURE_UNREADABLE.
 */
export async function takeEvidence(unit: Unit, run: string, given: JsonObject): Promise<JsonObject> {
  const ids = Array.isArray(given.attachments)
    ? [...new Set(given.attachments.map((id) => String(id).toLowerCase()))]
    : []
  const drawn =
    typeof given.signature === 'string' && given.signature.startsWith('data:') ? given.signature : null
  if (ids.length === 0 && drawn === null) return given
  const named = ids.filter((id) => uuid.test(id))
  const seen = await unit.asActor(() => seeFiles(unit, named))
  if (seen.length < ids.length) throw new Refusal(flowAttachmentUnknown)
  const signature = drawn === null ? null : await keepSignature(unit, drawn)
  await bindToRun(unit, run, signature === null ? ids : [...ids, signature])
  return {
    ...given,
    ...(ids.length > 0 ? { attachments: ids } : {}),
    ...(signature === null ? {} : { signature: `${signatureFile}${signature}` }),
  }
}

/** As the engine. What was swept away at this moment is unknown. */
export async function bindToRun(unit: Unit, run: string, ids: readonly string[]): Promise<void> {
  const bound = await unit.query(
    `UPDATE ${fileTable(unit, 'file')} SET bound_at = COALESCE(bound_at, $2) WHERE id = ANY ($1::uuid[]) RETURNING id`,
    [ids, unit.now],
  )
  if (bound.length < ids.length) throw new Refusal(flowAttachmentUnknown)
  await unit.query(
    `INSERT INTO ${fileTable(unit, 'file_use')} (file, run, at) SELECT file, $2, $3 FROM unnest($1::uuid[]) AS file
     ON CONFLICT (file, run) WHERE run IS NOT NULL DO NOTHING`,
    [ids, run, unit.now],
  )
}

async function keepSignature(unit: Unit, address: string): Promise<string> {
  const [, kind, text = ''] = picture.exec(address) ?? []
  if (kind === undefined) throw new Refusal(flowSignatureUnreadable)
  const { services, served, actor } = unit
  const bytes = Buffer.from(text, 'base64')
  if (kind === 'png' && isBlankPng(bytes)) throw new Refusal(flowSignatureUnreadable)
  // Nothing but a picture, whatever files are taken otherwise.
  const config = { ...services.config, fileTypes: [`image/${kind}`] }
  const kept = await keepStream(
    { ...services, config },
    served.workspace,
    Readable.from([bytes]),
    kind === 'png' ? 'signature.png' : 'signature.jpg',
  ).catch((error: unknown) => {
    throw error instanceof Refusal ? new Refusal(flowSignatureUnreadable) : error
  })
  await insertFile(unit, kept, actor.user)
  return kept.id
}
