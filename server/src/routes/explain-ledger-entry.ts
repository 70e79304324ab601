import { explanationDiffers, ledgerEntryUnknown } from '@channelwright/runtime/errors/incentives.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { explainLedgerEntry as explain } from '../incentives/explain-entry.ts'
import { Amount, Amounts, asReply, BandUnit, Day, LedgerEntry, TitleMap, Uuid } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const explainLedgerEntry = defineRoute({
  name: 'explainLedgerEntry',
  method: 'get',
  path: '/api/v1/:workspace/ledger/:id/explanation',
  summary: { en: 'How an amount came about, down to the records', zh: '金额计算过程,可追溯到源记录' },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), id: Uuid }),
  output: Type.Object({
    entry: LedgerEntry,
    plan: Type.Object({
      key: Type.String(),
      title: BothTexts,
      release: Type.Integer(),
      currency: Type.String(),
    }),
    records: Type.Array(
      Type.Object({
        object: Type.String(),
        id: Uuid,
        title: Type.String(),
        day: Day,
        values: Amounts,
        before: Type.Boolean(),
      }),
    ),
    hidden: Type.Integer(),
    measures: Amounts,
    parts: Type.Array(
      Type.Object({
        kind: Type.Enum(['slice', 'gate', 'cap', 'rounding', 'before']),
        amount: Amount,
        text: BothTexts,
        slice: Type.Optional(
          Type.Object({
            row: Type.String(),
            from: Amount,
            to: nullable(Amount),
            slice: Amount,
            unit: BandUnit,
            value: Amount,
          }),
        ),
      }),
    ),
    amount: Amount,
    before: Amount,
    sentences: Type.Object({ en: Type.Array(Type.String()), zh: Type.Array(Type.String()) }),
    titles: TitleMap,
  }),
  errors: [ledgerEntryUnknown, explanationDiffers],
  async handle({ services, served, actor }, { params }) {
    const explanation = await inUnit(services, served, actor, (unit) => explain(unit, params.id))
    return { body: asReply(explanation) }
  },
})
