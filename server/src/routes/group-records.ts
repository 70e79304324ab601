import type { GroupReply } from '@channelwright/runtime/api/records.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { groupRecords as group } from '../records/group-records.ts'
import { ListFilterShape, readFilter } from './list-records.ts'
import { ObjectParams, TitlesShape } from './record-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

const told = { count: Type.Integer(), values: Type.Array(nullable(Type.String())) }

export const groupRecords = defineRoute({
  name: 'groupRecords',
  method: 'get',
  path: '/api/v1/:workspace/records/:object/groups',
  summary: { en: 'Sums of a grouped view', zh: '分组视图的汇总' },
  access: 'member',
  params: ObjectParams,
  query: Type.Object({
    view: Type.String({ maxLength: 40 }),
    filter: ListFilterShape.filter,
    search: ListFilterShape.search,
  }),
  output: Type.Unsafe<GroupReply>(
    Type.Object({
      group: Type.Array(Type.String()),
      measures: Type.Array(Type.String()),
      groups: Type.Array(Type.Object({ keys: Type.Array(Type.Unknown()), ...told })),
      all: Type.Object(told),
      titles: TitlesShape,
      more: Type.Boolean(),
    }),
  ),
  errors: [errors.objectUnknown, errors.filterInvalid, errors.viewUnknown],
  async handle({ services, served, actor }, { params: { object }, query }) {
    const asked = { ...query, filter: readFilter(query.filter) }
    const body = await inUnit(services, served, actor, (unit) => group(unit, object, asked), {
      readOnly: true,
    })
    return { body }
  },
})
