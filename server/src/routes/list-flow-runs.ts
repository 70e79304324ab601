import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listRuns } from '../flows/runs.ts'
import { Cursor, Limit, RunItem, RunStatus } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const listFlowRuns = defineRoute({
  name: 'listFlowRuns',
  method: 'get',
  path: '/api/v1/:workspace/flow-runs',
  summary: { en: 'All cases, for administrators of flows', zh: '全部流程实例(流程管理员)' },
  access: { right: 'administer_flows' },
  query: Type.Object(
    {
      status: Type.Optional(RunStatus),
      flow: Type.Optional(Type.String({ maxLength: 40 })),
      limit: Limit,
      cursor: Cursor,
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    runs: Type.Array(RunItem),
    next: nullable(Type.String()),
    counts: Type.Object({ running: Type.Integer(), incident: Type.Integer() }),
  }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => listRuns(unit, query))) }
  },
})
