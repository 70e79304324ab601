import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listLedger as readLedger } from '../incentives/ledger.ts'
import { Amounts, asReply, Day, LedgerEntry, PlanKey, TitleMap, Uuid } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const listLedger = defineRoute({
  name: 'listLedger',
  method: 'get',
  path: '/api/v1/:workspace/ledger',
  summary: { en: 'Ledger entries, newest first', zh: '台账分录(最新在前)' },
  access: 'member',
  query: Type.Object(
    {
      plan: Type.Optional(PlanKey),
      earner: Type.Optional(Uuid),
      /** First day of the window. */
      window: Type.Optional(Day),
      /** Entries whose window counts this record. */
      record: Type.Optional(Uuid),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      cursor: Type.Optional(Type.String({ maxLength: 1000 })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    entries: Type.Array(LedgerEntry),
    totals: Amounts,
    titles: TitleMap,
    next: nullable(Type.String()),
  }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    const page = await inUnit(services, served, actor, (unit) => readLedger(unit, query))
    return { body: asReply(page) }
  },
})
