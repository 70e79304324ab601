import { flowRunUnknown } from '@channelwright/runtime/errors/flows.ts'
import { inUnit } from '../db/unit.ts'
import { getRun as readRun } from '../flows/runs.ts'
import { OneRun, RunReply } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const getRun = defineRoute({
  name: 'getRun',
  method: 'get',
  path: '/api/v1/:workspace/runs/:id',
  summary: { en: 'One case: where it stands and what happened', zh: '流程实例:当前状态与过程' },
  access: 'member',
  params: OneRun,
  output: RunReply,
  errors: [flowRunUnknown],
  async handle({ services, served, actor }, { params }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => readRun(unit, params.id))) }
  },
})
