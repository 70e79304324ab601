import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { createRecord as write } from '../records/write-record.ts'
import { answerWrite } from './answer-write.ts'
import { ObjectParams, RecordReplyShape, readPicks, ValuesShape, WriteQuery } from './record-shapes.ts'
import { defineRoute } from './route.ts'

export const createRecord = defineRoute({
  name: 'createRecord',
  method: 'post',
  path: '/api/v1/:workspace/records/:object',
  summary: { en: 'Create a record, directly or through a form', zh: '新建记录(可通过表单)' },
  access: 'member',
  params: ObjectParams,
  query: WriteQuery,
  body: ValuesShape,
  output: Type.Unsafe<RecordReply>(RecordReplyShape),
  errors: Object.values(errors),
  success: 201,
  idempotent: true,
  async handle(context, { params: { object }, query: { form, expand, picks }, body }) {
    return answerWrite(context, { object, body, expand, status: 201 }, (unit, how) =>
      write(unit, object, body as JsonObject, { ...how, form, ...readPicks(picks) }),
    )
  },
})
