import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listRunBox } from '../flows/inbox.ts'
import { Cursor, inboxFilter, Limit, RunLine } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const listInboxRuns = defineRoute({
  name: 'listInboxRuns',
  method: 'get',
  path: '/api/v1/:workspace/inbox/runs',
  summary: { en: 'Cases that I started, or was shown', zh: '我发起的与抄送我的流程' },
  access: 'member',
  query: Type.Object(
    { box: Type.Enum(['started', 'copied']), ...inboxFilter, limit: Limit, cursor: Cursor },
    { additionalProperties: false },
  ),
  output: Type.Object({ runs: Type.Array(RunLine), next: nullable(Type.String()) }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => listRunBox(unit, query))) }
  },
})
