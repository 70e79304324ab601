import { flowReleaseUnknown } from '@channelwright/runtime/errors/flows.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readFlowVersions } from '../flows/flow-versions.ts'
import { asReply } from './incentive-shapes.ts'
import { FlowVersions } from './migration-shapes.ts'
import { defineRoute } from './route.ts'

export const getFlowVersions = defineRoute({
  name: 'getFlowVersions',
  method: 'get',
  path: '/api/v1/:workspace/flow-versions/:flow',
  summary: {
    en: 'Where the steps of older releases of a flow are by now',
    zh: '流程旧版本步骤与当前版本的对应',
  },
  access: { right: 'administer_flows' },
  params: Type.Object({ workspace: Type.String(), flow: Type.String({ maxLength: 40 }) }),
  output: FlowVersions,
  errors: [flowReleaseUnknown],
  async handle({ services, served, actor }, { params }) {
    const read = await inUnit(services, served, actor, (unit) => readFlowVersions(unit, params.flow), {
      readOnly: true,
    })
    return { body: asReply(read) }
  },
})
