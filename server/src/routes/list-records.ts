import type { RecordPage } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listRecords as list, pageLimit } from '../records/list-records.ts'
import { ObjectParams, RecordShape, splitList, TitlesShape } from './record-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

/** How a list is narrowed and ordered; exports take the same. */
export const ListFilterShape = {
  /** A PL-1 condition over readable fields, as JSON. */
  filter: Type.Optional(Type.String({ maxLength: 65_536 })),
  search: Type.Optional(Type.String({ maxLength: 200 })),
  view: Type.Optional(Type.String({ maxLength: 40 })),
  sort: Type.Optional(Type.String({ maxLength: 400 })),
  fields: Type.Optional(Type.String({ maxLength: 4000 })),
}

export const listRecords = defineRoute({
  name: 'listRecords',
  method: 'get',
  path: '/api/v1/:workspace/records/:object',
  summary: { en: 'List records: filter, search, sort, page', zh: '记录列表:筛选、搜索、排序、分页' },
  access: 'member',
  params: ObjectParams,
  query: Type.Object({
    ...ListFilterShape,
    expand: Type.Optional(Type.String({ maxLength: 4000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageLimit })),
    cursor: Type.Optional(Type.String({ maxLength: 8000 })),
    count: Type.Optional(Type.Boolean()),
  }),
  output: Type.Unsafe<RecordPage>(
    Type.Object({
      records: Type.Array(RecordShape),
      titles: TitlesShape,
      next: nullable(Type.String()),
      count: Type.Optional(Type.Object({ value: Type.Integer(), more: Type.Boolean() })),
    }),
  ),
  errors: [
    errors.objectUnknown,
    errors.filterInvalid,
    errors.listInvalid,
    errors.cursorInvalid,
    errors.viewUnknown,
  ],
  async handle({ services, served, actor }, { params: { object }, query }) {
    const asked = {
      ...query,
      filter: readFilter(query.filter),
      fields: splitList(query.fields),
      expand: splitList(query.expand),
      last: true,
    }
    const body = await inUnit(services, served, actor, (unit) => list(unit, object, asked), {
      readOnly: true,
    })
    return { body }
  },
})

/** Throws FILTER_INVALID for what is no JSON. */
export function readFilter(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    const message = { en: 'This is not JSON.', zh: '不是有效的 JSON。' }
    throw new Refusal(errors.filterInvalid, {}, [{ path: '/filter', code: 'NOT_JSON', message }])
  }
}
