import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listRuns } from '../flows/list-runs.ts'
import { Cursor, Limit, RunLine, RunStatus } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const listFlowRuns = defineRoute({
  name: 'listFlowRuns',
  method: 'get',
  path: '/api/v1/:workspace/flow-runs',
  summary: { en: 'All cases: stuck ones first, then late ones', zh: '全部流程实例(异常与超时优先)' },
  access: { right: 'administer_flows' },
  query: Type.Object(
    {
      status: Type.Optional(RunStatus),
      state: Type.Optional(Type.Enum(['stuck', 'late', 'open', 'closed'])),
      flow: Type.Optional(Type.String({ maxLength: 40 })),
      search: Type.Optional(Type.String({ maxLength: 100 })),
      limit: Limit,
      cursor: Cursor,
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    runs: Type.Array(RunLine),
    next: nullable(Type.String()),
    counts: Type.Object({ running: Type.Integer(), incident: Type.Integer(), late: Type.Integer() }),
  }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => listRuns(unit, query))) }
  },
})
