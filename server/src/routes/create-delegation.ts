import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import {
  delegationAmount,
  delegationCircle,
  delegationPerson,
  delegationTimes,
} from '@channelwright/runtime/errors/flow-service.ts'
import { rightMissing } from '@channelwright/runtime/errors/identity.ts'
import Type from 'typebox'
import { mayDo } from '../access/platform-rights.ts'
import { inUnit } from '../db/unit.ts'
import { createDelegation as create } from '../flows/delegation-windows.ts'
import { Delegation } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

const Instant = Type.String({ format: 'date-time' })

export const createDelegation = defineRoute({
  name: 'createDelegation',
  method: 'post',
  path: '/api/v1/:workspace/delegations',
  summary: { en: 'Let somebody stand in for a while', zh: '设置代理' },
  access: 'member',
  body: Type.Object(
    {
      /** For administrators of flows: whose tasks. Default: one's own. */
      from: Type.Optional(Type.String({ format: 'uuid' })),
      to: Type.String({ format: 'uuid' }),
      mode: Type.Enum(['replace', 'also']),
      flows: Type.Optional(
        Type.Union([Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 200 }), Type.Null()]),
      ),
      max_amount: Type.Optional(Type.String({ pattern: '^[0-9]{1,20}(\\.[0-9]{1,20})?$' })),
      amount_field: Type.Optional(Type.String({ maxLength: 40 })),
      starts_at: Instant,
      ends_at: Instant,
    },
    { additionalProperties: false },
  ),
  success: 201,
  output: Delegation,
  errors: [delegationTimes, delegationAmount, delegationPerson, delegationCircle, rightMissing],
  async handle({ services, served, actor }, { body }) {
    const { from = actor.user, ...rest } = body
    if (from !== actor.user && !mayDo(served.release, actor.roles, 'administer_flows'))
      throw new Refusal(rightMissing, { right: 'administer_flows' })
    const made = await inUnit(services, served, actor, (unit) => create(unit, { ...rest, from }))
    return { status: 201, body: asReply(made) }
  },
})
