import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { exportRecords as write } from '../records/export-records.ts'
import { ListFilterShape, readFilter } from './list-records.ts'
import { ObjectParams, splitList } from './record-shapes.ts'
import { defineRoute } from './route.ts'

export const exportRecords = defineRoute({
  name: 'exportRecords',
  method: 'get',
  path: '/api/v1/:workspace/records/:object/export',
  summary: { en: 'A list as CSV', zh: '将列表导出为 CSV' },
  access: 'member',
  params: ObjectParams,
  query: Type.Object(ListFilterShape),
  output: Type.Unknown(),
  produces: 'text/csv',
  errors: [
    errors.objectUnknown,
    errors.actionForbidden,
    errors.filterInvalid,
    errors.listInvalid,
    errors.viewUnknown,
  ],
  async handle(context, { params: { object }, query }) {
    const asked = { ...query, filter: readFilter(query.filter), fields: splitList(query.fields) }
    return {
      headers: {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${object}.csv"`,
      },
      body: await write(context, object, asked, context.locale),
    }
  },
})
