import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listRunsOfRecord as readRuns } from '../flows/runs.ts'
import { RunReply } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const listRunsOfRecord = defineRoute({
  name: 'listRunsOfRecord',
  method: 'get',
  path: '/api/v1/:workspace/runs',
  summary: { en: 'The cases of a record, newest first', zh: '记录的流程实例(最新在前)' },
  access: 'member',
  query: Type.Object(
    { object: Type.String({ maxLength: 40 }), record: Type.String({ format: 'uuid' }) },
    { additionalProperties: false },
  ),
  output: Type.Object({ runs: Type.Array(RunReply) }),
  async handle({ services, served, actor }, { query }) {
    const list = await inUnit(services, served, actor, (unit) => readRuns(unit, query.object, query.record))
    return { body: asReply(list) }
  },
})
