import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { updateRecord as write } from '../records/write-record.ts'
import { answerWrite, readIfMatch } from './answer-write.ts'
import { RecordParams, RecordReplyShape, readPicks, ValuesShape, WriteQuery } from './record-shapes.ts'
import { defineRoute } from './route.ts'

export const updateRecord = defineRoute({
  name: 'updateRecord',
  method: 'patch',
  path: '/api/v1/:workspace/records/:object/:id',
  summary: { en: 'Change fields of a record; null empties one', zh: '修改记录的字段(null 表示清空)' },
  access: 'member',
  params: RecordParams,
  query: WriteQuery,
  body: ValuesShape,
  output: Type.Unsafe<RecordReply>(RecordReplyShape),
  errors: Object.values(errors),
  idempotent: true,
  async handle(context, { params: { object, id }, query: { form, expand, picks }, body }) {
    const ifMatch = readIfMatch(context)
    return answerWrite(context, { object, body, expand, status: 200 }, (unit) =>
      write(unit, object, id, body as JsonObject, { form, ifMatch, ...readPicks(picks) }),
    )
  },
})
