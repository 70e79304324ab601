import type { PickList } from '@channelwright/runtime/api/flows.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { startOf } from '../flows/button-starts.ts'
import { readyFlow } from '../flows/flow-data.ts'
import { pickOffers } from '../flows/picks.ts'
import { PickOffer } from './flow-shapes.ts'
import { defineRoute } from './route.ts'

export const getStartPicks = defineRoute({
  name: 'getStartPicks',
  method: 'get',
  path: '/api/v1/:workspace/flows/:key/picks',
  summary: { en: 'Steps for which whoever starts the flow chooses people', zh: '发起人需选择处理人的步骤' },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }) }),
  output: Type.Unsafe<PickList>(Type.Object({ picks: Type.Array(PickOffer) })),
  async handle({ services, served, actor }, { params: { key } }) {
    // Whoever holds no role starts nothing; a flow that is not there asks for nobody.
    if (actor.roles.length === 0 || !served.release.flows.has(key)) return { body: { picks: [] } }
    const ready = readyFlow(served, key)
    const picks = await inUnit(
      services,
      served,
      actor,
      (unit) => pickOffers(unit, ready, startOf(ready.flow), null),
      { readOnly: true },
    )
    return { body: { picks } }
  },
})
