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
 * Ends the open cases of another flow over a record, as an administrator would: what this flow decides is not to be
 * decided there as well. An empty reference, or a record without an open case, ends nothing. Payload:
 * `{flow, record, reason}`.
 */
export const endFlow = defineEffectType({
  name: 'end_flow',
  title: { en: 'End another flow', zh: '终止其他流程' },
  icon: 'player-stop',
  settings: Type.Object(
    {
      flow: Key,
      /** Whose cases, by a rule. Default: the flow's own record. */
      record: Type.Optional(RuleJson),
      /** Why, as the history of those cases tells it. */
      reason: Type.String({ minLength: 1, maxLength: 500 }),
    },
    { additionalProperties: false },
  ),
  check: ({ flow: key, record }, flow, set, pointer) => {
    const other = set.flows.get(key)
    if (other === undefined) {
      const values = { flow: key, ...suggest(key, set.flows.keys()) }
      return [diagnose(errors.flowUnknown, `${pointer}/flow`, values)]
    }
    if (record !== undefined)
      return checkRule(record as Json, scopeOfFlow(flow, set), {
        expect: { t: 'ref', nullable: true, object: other.object },
        path: `${pointer}/record`,
      }).diagnostics
    if (other.object === flow.object) return []
    const values = { flow: key, object: other.object, own: flow.object }
    return [diagnose(errors.flowOtherObject, `${pointer}/record`, values)]
  },
  plan: ({ flow, record: rule, reason }, evaluate, { record }) => ({
    flow,
    record: rule === undefined ? record : evaluate(rule as Json),
    reason,
  }),
  // Nobody opens those cases again for it.
  irreversible: true,
  trace: (_data, locale) => (locale === 'zh' ? '已终止另一流程' : 'Another flow was ended'),
})
