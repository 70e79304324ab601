import { inUnit } from '../db/unit.ts'
import { listFlowVersions as list } from '../flows/flow-versions.ts'
import { asReply } from './incentive-shapes.ts'
import { FlowVersionList } from './migration-shapes.ts'
import { defineRoute } from './route.ts'

export const listFlowVersions = defineRoute({
  name: 'listFlowVersions',
  method: 'get',
  path: '/api/v1/:workspace/flow-versions',
  summary: { en: 'Open cases that follow older releases', zh: '仍在旧版本上的进行中流程' },
  access: { right: 'administer_flows' },
  output: FlowVersionList,
  async handle({ services, served, actor }) {
    return { body: asReply(await inUnit(services, served, actor, list, { readOnly: true })) }
  },
})
