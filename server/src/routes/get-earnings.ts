import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readEarnings } from '../incentives/earnings.ts'
import { Amount, Amounts, asReply, BandUnit, Day, PlanKey, TitleMap, Uuid } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const getEarnings = defineRoute({
  name: 'getEarnings',
  method: 'get',
  path: '/api/v1/:workspace/earnings',
  summary: { en: 'What was earned, by plan and window', zh: '按政策与周期汇总的收益' },
  access: 'member',
  query: Type.Object(
    { plan: Type.Optional(PlanKey), earner: Type.Optional(Uuid) },
    { additionalProperties: false },
  ),
  output: Type.Object({
    today: Day,
    plans: Type.Array(
      Type.Object({
        plan: Type.String(),
        title: BothTexts,
        currency: Type.String(),
        window: Type.Enum(['event', 'month', 'quarter', 'year']),
        level: Type.Enum(['own', 'all']),
        total: Amount,
        current: Type.Object({ from: Day, to: Day, total: Amount }),
        windows: Type.Array(
          Type.Object({
            earner: Uuid,
            from: Day,
            to: Day,
            event: nullable(Uuid),
            amount: Amount,
            measures: Amounts,
            next: nullable(
              Type.Object({
                measure: Type.String(),
                from: Amount,
                lacks: Amount,
                unit: BandUnit,
                value: Amount,
              }),
            ),
          }),
        ),
      }),
    ),
    titles: TitleMap,
  }),
  async handle({ services, served, actor }, { query }) {
    const earnings = await inUnit(services, served, actor, (unit) => readEarnings(unit, query))
    return { body: asReply(earnings) }
  },
})
