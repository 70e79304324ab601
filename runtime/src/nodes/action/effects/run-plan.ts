import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { suggest } from '../../../fields/suggest.ts'
import { scopeOfFlow } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType } from './effect-type.ts'

/**
 * Computes a plan and posts what differs from what is posted already; run twice, it posts nothing twice. An accrual
 * whose event is gone or changed is thereby reversed. `recomputeFrom`: a date from which the past is looked at again
 * under today's wording. Payload: `{plan, recomputeFrom}`.
 */
export const runPlan = defineEffectType({
  name: 'run_plan',
  title: { en: 'Run a plan', zh: '计算激励' },
  icon: 'coins',
  settings: Type.Object(
    { plan: Key, recomputeFrom: Type.Optional(RuleJson) },
    { additionalProperties: false },
  ),
  check: ({ plan, recomputeFrom }, flow, set, pointer) => {
    if (!set.plans.has(plan)) {
      const values = { plan, ...suggest(plan, set.plans.keys()) }
      return [diagnose(errors.flowPlanUnknown, `${pointer}/plan`, values)]
    }
    if (recomputeFrom === undefined) return []
    return checkRule(recomputeFrom as Json, scopeOfFlow(flow, set), {
      expect: { t: 'date', nullable: false },
      path: `${pointer}/recomputeFrom`,
    }).diagnostics
  },
  plan: ({ plan, recomputeFrom }, evaluate) => ({
    plan,
    recomputeFrom: recomputeFrom === undefined ? null : evaluate(recomputeFrom as Json),
  }),
  money: true,
  // The record does not count any more, or counts for less: computed again, what was accrued for it is posted back.
  undo: (payload) => [{ type: 'run_plan', payload }],
  trace: (_data, locale) => (locale === 'zh' ? '激励已计算' : 'A plan was run'),
})
