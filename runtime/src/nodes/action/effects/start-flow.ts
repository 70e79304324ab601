import Type from 'typebox'
import { byKey, Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { scopeOfFlow } from '../../../flow/field-rules.ts'
import { checkHanded, planInput } from '../../../flow/given.ts'
import type { Json } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType } from './effect-type.ts'

/**
 * Starts another flow and goes on at once; to wait for its end use a subflow. Payload: `{flow, record, item, input,
 * waits}`.
 */
export const startFlow = defineEffectType({
  name: 'start_flow',
  title: { en: 'Start a flow', zh: '启动流程' },
  icon: 'player-play',
  settings: Type.Object(
    {
      flow: Key,
      record: Type.Optional(RuleJson),
      /** What it is handed, by the names that its trigger declares, as rules. */
      input: Type.Optional(Type.Record(Key, RuleJson, byKey)),
    },
    { additionalProperties: false },
  ),
  starts: ({ flow }) => ({ flow, at: '/flow' }),
  check: (settings, flow, set, pointer) => {
    const other = set.flows.get(settings.flow)
    if (other === undefined) return []
    const scope = scopeOfFlow(flow, set)
    const found = checkHanded(other, settings.input ?? {}, scope, pointer, null)
    if (settings.record !== undefined)
      return [
        ...found,
        ...checkRule(settings.record as Json, scope, {
          expect: { t: 'ref', nullable: false, object: other.object },
          path: `${pointer}/record`,
        }).diagnostics,
      ]
    if (other.object === flow.object) return found
    const values = { flow: settings.flow, object: other.object, own: flow.object }
    return [...found, diagnose(errors.flowOtherObject, `${pointer}/record`, values)]
  },
  plan: ({ flow, record: rule, input }, evaluate, { record }) => ({
    flow,
    record: rule === undefined ? record : evaluate(rule as Json),
    item: null,
    ...planInput(input, evaluate),
    waits: false,
  }),
  // It goes its own way.
  irreversible: true,
  trace: (_data, locale) => (locale === 'zh' ? '已启动另一流程' : 'Another flow was started'),
})
