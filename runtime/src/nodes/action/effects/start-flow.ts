import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { scopeOfFlow } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType } from './effect-type.ts'

/** Starts another flow and goes on at once; to wait for its end use a subflow. Payload: `{flow, record, item, waits}`. */
export const startFlow = defineEffectType({
  name: 'start_flow',
  title: { en: 'Start a flow', zh: '启动流程' },
  icon: 'player-play',
  settings: Type.Object({ flow: Key, record: Type.Optional(RuleJson) }, { additionalProperties: false }),
  starts: ({ flow }) => ({ flow, at: '/flow' }),
  check: (settings, flow, set, pointer) => {
    const other = set.flows.get(settings.flow)
    if (other === undefined) return []
    if (settings.record !== undefined)
      return checkRule(settings.record as Json, scopeOfFlow(flow, set), {
        expect: { t: 'ref', nullable: false, object: other.object },
        path: `${pointer}/record`,
      }).diagnostics
    if (other.object === flow.object) return []
    const values = { flow: settings.flow, object: other.object, own: flow.object }
    return [diagnose(errors.flowOtherObject, `${pointer}/record`, values)]
  },
  plan: ({ flow, record: rule }, evaluate, { record }) => ({
    flow,
    record: rule === undefined ? record : evaluate(rule as Json),
    item: null,
    waits: false,
  }),
  trace: (_data, locale) => (locale === 'zh' ? '已启动另一流程' : 'Another flow was started'),
})
