import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { markCopyRead } from '../flows/inbox.ts'
import { OneRun } from './flow-shapes.ts'
import { defineRoute } from './route.ts'

export const markRunRead = defineRoute({
  name: 'markRunRead',
  method: 'post',
  path: '/api/v1/:workspace/runs/:id/read',
  summary: { en: 'I have looked at a case that was copied to me', zh: '标记抄送给我的流程为已读' },
  access: 'member',
  params: OneRun,
  success: 204,
  output: Type.Undefined(),
  async handle({ services, served, actor }, { params }) {
    await inUnit(services, served, actor, (unit) => markCopyRead(unit, params.id))
    return { status: 204, body: undefined }
  },
})
