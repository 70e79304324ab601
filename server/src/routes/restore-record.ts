import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { restoreRecord as write } from '../records/write-record.ts'
import { answerWrite } from './answer-write.ts'
import { RecordParams, RecordReplyShape } from './record-shapes.ts'
import { defineRoute } from './route.ts'

export const restoreRecord = defineRoute({
  name: 'restoreRecord',
  method: 'post',
  path: '/api/v1/:workspace/records/:object/:id/restore',
  summary: { en: 'Bring a record back from the bin', zh: '从回收站恢复记录' },
  access: 'member',
  params: RecordParams,
  output: Type.Unsafe<RecordReply>(RecordReplyShape),
  errors: Object.values(errors),
  idempotent: true,
  async handle(context, { params: { object, id } }) {
    const request = { object, body: null, expand: undefined, status: 200 } as const
    return answerWrite(context, request, (unit) => write(unit, object, id))
  },
})
