import { planUnknown } from '@channelwright/runtime/errors/incentives.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { titlesOf } from '../incentives/ledger.ts'
import { runPlan as run } from '../incentives/run-plan.ts'
import { Amount, Day, PlanKey, TitleMap, Uuid } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const runPlan = defineRoute({
  name: 'runPlan',
  method: 'post',
  path: '/api/v1/:workspace/plans/:key/run',
  summary: {
    en: 'Compute a plan and post the differences, or only simulate',
    zh: '计算激励政策并入账差额,或仅模拟',
  },
  access: { right: 'run_plans' },
  params: Type.Object({ workspace: Type.String(), key: PlanKey }),
  body: Type.Object(
    { simulate: Type.Optional(Type.Boolean()), recompute_from: Type.Optional(Day) },
    { additionalProperties: false },
  ),
  output: Type.Object({
    run: Uuid,
    plan: Type.String(),
    release: Type.Integer(),
    simulate: Type.Boolean(),
    windows: Type.Integer(),
    entries: Type.Integer(),
    posted: Amount,
    changes: Type.Array(
      Type.Object({
        earner: Uuid,
        window_from: Day,
        window_to: Day,
        event: nullable(Uuid),
        amount: Amount,
        delta: Amount,
      }),
    ),
    titles: TitleMap,
  }),
  errors: [planUnknown],
  async handle({ services, served, actor }, { params, body }) {
    const reply = await inUnit(services, served, actor, async (unit) => {
      const done = await run(unit, params.key, {
        startedBy: actor.user,
        ...(body.simulate === undefined ? {} : { simulate: body.simulate }),
        ...(body.recompute_from === undefined ? {} : { recomputeFrom: body.recompute_from }),
      })
      if (done === null) throw new Error('a run over all windows gave nothing')
      const changes = done.changes.map((change) => ({ ...change }))
      return {
        ...done,
        changes,
        titles: await titlesOf(
          unit,
          changes.map((change) => ({ ...change, plan: params.key })),
        ),
      }
    })
    return { body: reply }
  },
})
