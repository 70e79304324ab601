import { delegationUnknown } from '@channelwright/runtime/errors/flow-service.ts'
import Type from 'typebox'
import { mayDo } from '../access/platform-rights.ts'
import { inUnit } from '../db/unit.ts'
import { endDelegation as end } from '../flows/delegation-windows.ts'
import { OneRun } from './flow-shapes.ts'
import { defineRoute } from './route.ts'

export const endDelegation = defineRoute({
  name: 'endDelegation',
  method: 'delete',
  path: '/api/v1/:workspace/delegations/:id',
  summary: { en: 'End a delegation now', zh: '提前结束代理' },
  access: 'member',
  params: OneRun,
  success: 204,
  output: Type.Undefined(),
  errors: [delegationUnknown],
  async handle({ services, served, actor }, { params }) {
    const admin = mayDo(served.release, actor.roles, 'administer_flows')
    await inUnit(services, served, actor, (unit) => end(unit, params.id, admin))
    return { status: 204, body: undefined }
  },
})
