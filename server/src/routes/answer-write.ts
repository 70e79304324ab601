import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { ifMatchInvalid } from '@channelwright/runtime/errors/records.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { etagOf } from '../records/get-record.ts'
import { runOnce, type StoredReply } from '../records/run-once.ts'
import { cutRecord, mustBeRead, showRecord } from '../records/show-record.ts'
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
  const expand = splitList(request.expand) ?? []
  const isAlone = key === undefined && expand.length === 0
  const reply = await inUnit(services, served, actor, async (unit) => {
    if (isAlone && !mustBeRead(unit, request.object)) return answerAlone(unit, request, write)
    const work = async () => {
      const written = await write(unit, {})
      const shown = written.after && (await showRecord(unit, request.object, written.after, expand))
      return describe(unit, request, written, shown)
    }
    if (key === undefined) return work()
    const target = `${context.request.method} ${context.request.originalUrl}`
    return runOnce(unit, { key, target, body: request.body }, work)
  })
  return reply as Reply<RecordReply>
}

/** Nothing is asked after the write: it is worded before the transaction's end is sent, for a fault must still undo it. */
async function answerAlone(
  unit: Unit,
  request: WriteRequest,
  write: (unit: Unit, how: Pick<WriteOptions, 'last'>) => Promise<Written>,
): Promise<StoredReply> {
  const word = (written: Written) =>
    describe(unit, request, written, written.after && cutRecord(unit, request.object, written.after))
  let worded: StoredReply | undefined
  const last = (written: Written) => {
    worded = word(written)
  }
  const written = await write(unit, { last })
  return worded ?? word(written)
}

function describe(
  unit: Unit,
  { object, status }: WriteRequest,
  { id, rev }: Written,
  shown: RecordReply | null,
): StoredReply {
  if (!shown) return { status: 204, headers: {}, body: undefined }
  const location = `/api/v1/${unit.served.workspace.key}/records/${object}/${id}`
  return {
    status,
    headers: { ETag: etagOf(rev), ...(status === 201 ? { Location: location } : {}) },
    body: shown,
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
