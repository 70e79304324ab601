import type { HistoryPage } from '@channelwright/runtime/api/records.ts'
import * as errors from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listHistory as list } from '../records/list-history.ts'
import { RecordParams, TitlesShape } from './record-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const listHistory = defineRoute({
  name: 'listHistory',
  method: 'get',
  path: '/api/v1/:workspace/records/:object/:id/history',
  summary: { en: 'Who changed what in a record, newest first', zh: '记录的变更历史(由新到旧)' },
  access: 'member',
  params: RecordParams,
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ maxLength: 400 })),
  }),
  output: Type.Unsafe<HistoryPage>(
    Type.Object({
      entries: Type.Array(
        Type.Object({
          id: Type.String(),
          at: Type.String({ format: 'date-time' }),
          by: nullable(Type.String({ format: 'uuid' })),
          name: nullable(Type.String()),
          cause: nullable(
            Type.Object({
              kind: Type.Union(['flow', 'task', 'plan', 'import'].map((kind) => Type.Literal(kind))),
              key: nullable(Type.String()),
              run: nullable(Type.String({ format: 'uuid' })),
              node: nullable(Type.String()),
              title: nullable(BothTexts),
              nodeTitle: nullable(BothTexts),
            }),
          ),
          action: Type.Union(['create', 'update', 'delete', 'restore'].map((action) => Type.Literal(action))),
          release: Type.Integer(),
          changes: Type.Array(
            Type.Object({
              field: Type.String(),
              before: Type.Unknown(),
              after: Type.Unknown(),
              line: Type.Optional(nullable(Type.String({ format: 'uuid' }))),
            }),
          ),
        }),
      ),
      titles: TitlesShape,
      next: nullable(Type.String()),
    }),
  ),
  errors: [errors.objectUnknown, errors.recordNotFound, errors.cursorInvalid],
  async handle({ services, served, actor }, { params: { object, id }, query }) {
    return {
      body: await inUnit(services, served, actor, (unit) => list(unit, object, id, query), {
        readOnly: true,
      }),
    }
  },
})
