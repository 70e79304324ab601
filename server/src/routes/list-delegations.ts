import Type from 'typebox'
import { mayDo } from '../access/platform-rights.ts'
import { inUnit } from '../db/unit.ts'
import { listDelegations as list } from '../flows/delegation-windows.ts'
import { Delegation } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts } from './shapes.ts'

export const listDelegations = defineRoute({
  name: 'listDelegations',
  method: 'get',
  path: '/api/v1/:workspace/delegations',
  summary: { en: 'Who stands in for me, and for whom I do', zh: '我的代理设置' },
  access: 'member',
  query: Type.Object(
    /** Everybody's, for administrators of flows. */
    { all: Type.Optional(Type.Boolean()) },
    { additionalProperties: false },
  ),
  output: Type.Object({
    delegations: Type.Array(Delegation),
    flows: Type.Array(Type.Object({ key: Type.String(), title: BothTexts, has_amount: Type.Boolean() })),
  }),
  async handle({ services, served, actor }, { query }) {
    const all = query.all === true && mayDo(served.release, actor.roles, 'administer_flows')
    return { body: asReply(await inUnit(services, served, actor, (unit) => list(unit, all))) }
  },
})
