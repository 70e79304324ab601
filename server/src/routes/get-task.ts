import { flowTaskUnknown } from '@channelwright/runtime/errors/flows.ts'
import { inUnit } from '../db/unit.ts'
import { getTask as readTask } from '../flows/tasks.ts'
import { OneRun, TaskReply } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const getTask = defineRoute({
  name: 'getTask',
  method: 'get',
  path: '/api/v1/:workspace/tasks/:id',
  summary: { en: 'One task and the answers it offers', zh: '单个待办及可用操作' },
  access: 'member',
  params: OneRun,
  output: TaskReply,
  errors: [flowTaskUnknown],
  async handle({ services, served, actor }, { params }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => readTask(unit, params.id))) }
  },
})
