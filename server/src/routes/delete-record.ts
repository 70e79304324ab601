import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { deleteRecord as write } from '../records/write-record.ts'
import { answerWrite, readIfMatch } from './answer-write.ts'
import { RecordParams } from './record-shapes.ts'
import { defineRoute } from './route.ts'

export const deleteRecord = defineRoute({
  name: 'deleteRecord',
  method: 'delete',
  path: '/api/v1/:workspace/records/:object/:id',
  summary: { en: 'Move a record to the bin', zh: '将记录移入回收站' },
  access: 'member',
  params: RecordParams,
  output: Type.Unknown(),
  success: 204,
  errors: Object.values(errors),
  idempotent: true,
  async handle(context, { params: { object, id } }) {
    const ifMatch = readIfMatch(context)
    const request = { object, body: null, expand: undefined, status: 200 } as const
    return answerWrite(context, request, (unit) => write(unit, object, id, { ifMatch }))
  },
})
