import type { RecordReply } from '@channelwright/runtime/api/records.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { etagOf, getRecord as read } from '../records/get-record.ts'
import { RecordParams, RecordReplyShape, splitList } from './record-shapes.ts'
import { defineRoute } from './route.ts'

export const getRecord = defineRoute({
  name: 'getRecord',
  method: 'get',
  path: '/api/v1/:workspace/records/:object/:id',
  summary: { en: 'Read a record', zh: '读取记录' },
  access: 'member',
  params: RecordParams,
  query: Type.Object({
    fields: Type.Optional(Type.String({ maxLength: 4000 })),
    /** Fields whose titles are wanted, or `*`; default all. */
    expand: Type.Optional(Type.String({ maxLength: 4000 })),
  }),
  output: Type.Unsafe<RecordReply>(RecordReplyShape),
  errors: [errors.objectUnknown, errors.recordNotFound, errors.listInvalid],
  async handle({ services, served, actor }, { params: { object, id }, query }) {
    const asked = { fields: splitList(query.fields), expand: splitList(query.expand ?? '*'), last: true }
    const body = await inUnit(services, served, actor, (unit) => read(unit, object, id, asked), {
      readOnly: true,
    })
    return { headers: { ETag: etagOf(body.record.rev) }, body }
  },
})
