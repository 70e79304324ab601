import Type, { type Static } from 'typebox'
import { checkPlanDefinition } from './check-plan.ts'
import { defineKind } from './kind.ts'
import { byKey, DecimalText, header, IsoDate, Key, RuleJson, XId } from './shared.ts'

/** An incentive plan (`plan/1`). Stages and their order: `incentives/stages.ts`. */
export const PlanSchema = Type.Object(
  {
    ...header('plan/1'),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    effective: Type.Object(
      { from: IsoDate, /** Last day, inclusive. */ to: Type.Optional(IsoDate) },
      { additionalProperties: false },
    ),
    /** Which records count as events, on which day and for which organisation. */
    events: Type.Object(
      {
        object: Key,
        /** A date or datetime field; a datetime counts on its local day in the workspace's time zone. */
        date: Key,
        /** The reference field that names the organisation that earns. */
        earner: Key,
        when: RuleJson,
      },
      { additionalProperties: false },
    ),
    /** Named sums over the events of one earner in one window. */
    measures: Type.Record(
      Key,
      Type.Object(
        {
          'x-id': XId,
          method: Type.Enum(['sum', 'count']),
          of: Type.Optional(RuleJson),
        },
        { additionalProperties: false },
      ),
      byKey,
    ),
    window: Type.Enum(['event', 'month', 'quarter', 'year']),
    /** Conditions over the measures (`{"var": "m.amount"}`); all must hold, else the amount is zero. */
    gates: Type.Optional(
      Type.Array(Type.Object({ 'x-id': XId, when: RuleJson }, { additionalProperties: false })),
    ),
    bands: Type.Object(
      {
        'x-id': XId,
        /** `marginal` 分段累进 or `whole` 全额按档: a visible choice, never a default. List: `incentives/index.ts`. */
        method: Type.String(),
        /** The measure that finds the band. */
        lookup: Key,
        /** The measure that is paid on. */
        payOn: Key,
        /** `lower`: a band includes its lower edge (from ≤ v < next); `upper`: its upper edge. */
        bound: Type.Enum(['lower', 'upper']),
        unit: Type.Enum(['rate', 'fixed']),
        /** Fractions for `rate` (0.05 is 5%), amounts for `fixed`. A band ends where the next begins. */
        rows: Type.Array(
          Type.Object(
            { 'x-id': XId, from: DecimalText, value: DecimalText },
            { additionalProperties: false },
          ),
          { minItems: 1, maxItems: 100 },
        ),
      },
      { additionalProperties: false },
    ),
    /** Most that one earner gets in one window. */
    cap: Type.Optional(DecimalText),
    rounding: Type.Object(
      {
        scale: Type.Integer({ minimum: 0, maximum: 6 }),
        mode: Type.Enum(['half_up', 'half_even', 'up', 'down']),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type PlanDefinition = Static<typeof PlanSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly plans: ReadonlyMap<string, PlanDefinition>
  }
}

export const planKind = defineKind({
  name: 'plan',
  format: 1,
  title: { en: 'Plan', zh: '激励政策' },
  folder: 'plans',
  schema: PlanSchema,
  begin: ({ today, makeId }) => ({
    currency: 'CNY',
    effective: { from: `${today.slice(0, 4)}-01-01` },
    events: { object: '', date: '', earner: '', when: true },
    measures: { amount: { 'x-id': makeId('m'), method: 'sum', of: { var: 'amount' } } },
    window: 'quarter',
    bands: {
      'x-id': makeId('b'),
      method: 'marginal',
      lookup: 'amount',
      payOn: 'amount',
      bound: 'lower',
      unit: 'rate',
      rows: [{ 'x-id': makeId('r'), from: '0', value: '0.01' }],
    },
    rounding: { scale: 2, mode: 'half_up' },
  }),
  migrations: [],
  check: checkPlanDefinition,
})
