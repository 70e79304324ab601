import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { ifMatchInvalid } from '@channelwright/runtime/errors/records.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { etagOf } from '../records/get-record.ts'
import { runOnce, type StoredReply } from '../records/run-once.ts'
import { showRecord } from '../records/show-record.ts'
import type { WriteOptions, Written } from '../records/write-record.ts'
import { splitList } from './record-shapes.ts'
import type { Reply, RouteContext } from './route.ts'

interface WriteRequest {
  readonly object: string
  readonly body: unknown
  readonly expand: string | undefined
  readonly status: 200 | 201
}

/**
 * Runs a write in one transaction and answers with the record as the writer may read it; with an `Idempotency-Key`
 * the answer is kept in the same transaction. A deleted record has no body.
 */
export async function answerWrite(
  context: RouteContext,
  request: WriteRequest,
  write: (unit: Unit, how: Pick<WriteOptions, 'last'>) => Promise<Written>,
): Promise<Reply<RecordReply>> {
  const { services, served, actor } = context
  const key = context.request.get('idempotency-key')
  const reply = await inUnit(services, served, actor, async (unit) => {
    const last = key === undefined && !request.expand
    const work = async () => describe(unit, request, await write(unit, { last }))
    if (key === undefined) return work()
    const target = `${context.request.method} ${context.request.originalUrl}`
    return runOnce(unit, { key, target, body: request.body }, work)
  })
  return reply as Reply<RecordReply>
}

async function describe(
  unit: Unit,
  { object, expand, status }: WriteRequest,
  written: Written,
): Promise<StoredReply> {
  if (!written.after) return { status: 204, headers: {}, body: undefined }
  const body = await showRecord(unit, object, written.after, splitList(expand) ?? [])
  return {
    status,
    headers: {
      ETag: etagOf(written.rev),
      ...(status === 201
        ? { Location: `/api/v1/${unit.served.workspace.key}/records/${object}/${written.id}` }
        : {}),
    },
    body,
  }
}

/** The number in `If-Match: "3"`; undefined when there is none or any will do. Throws IF_MATCH_INVALID. */
export function readIfMatch(context: RouteContext): number | undefined {
  const header = context.request.get('if-match')?.trim()
  if (header === undefined || header === '*') return undefined
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(header)
  if (!match) throw new Refusal(ifMatchInvalid)
  return Number(match[1])
}
