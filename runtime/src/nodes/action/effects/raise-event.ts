import Type from 'typebox'
import { byKey, Key, RuleJson } from '../../../definition/shared.ts'
import { scopeOfFlow } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType, planValues } from './effect-type.ts'

/**
 * Says that something has happened to a record: cases about it that wait for this event go on. Payload: `{event, record,
 * data}`; `record` null: all that wait for it, whatever they are about.
 */
export const raiseEvent = defineEffectType({
  name: 'raise_event',
  title: { en: 'Raise an event', zh: '触发事件' },
  icon: 'broadcast',
  settings: Type.Object(
    {
      event: Key,
      /** Whose it is, as a rule: `{"var": "partner"}`. Default the flow's own record. */
      record: Type.Optional(RuleJson),
      /** All cases that wait for it hear it, whatever they are about. */
      everywhere: Type.Optional(Type.Boolean()),
      /** What it brings, as rules. */
      data: Type.Optional(Type.Record(Key, RuleJson, byKey)),
    },
    { additionalProperties: false },
  ),
  check: ({ record, data = {} }, flow, set, pointer) => {
    const scope = scopeOfFlow(flow, set)
    const about =
      record === undefined ? null : checkRule(record as Json, scope, { path: `${pointer}/record` })
    const type = about?.rule?.root.type.t
    return [
      ...(about?.diagnostics ?? []),
      // Of whichever object: only that it is a record matters here.
      ...(type === undefined || type === 'ref' || type === 'null'
        ? []
        : checkRule(record as Json, scope, {
            expect: { t: 'ref', nullable: true, object: flow.object },
            path: `${pointer}/record`,
          }).diagnostics),
      ...Object.entries(data).flatMap(
        ([name, rule]) => checkRule(rule as Json, scope, { path: `${pointer}/data/${name}` }).diagnostics,
      ),
    ]
  },
  plan: ({ event, record: rule, everywhere, data = {} }, evaluate, { record }) => ({
    event,
    record: everywhere === true ? null : rule === undefined ? record : evaluate(rule as Json),
    everywhere: everywhere === true,
    data: planValues(data, evaluate),
  }),
  // Other cases have gone on by it.
  irreversible: true,
  trace: (_data, locale) => (locale === 'zh' ? '已触发事件' : 'An event was raised'),
})
