import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { suggest } from '../../../fields/suggest.ts'
import { checkFieldRules, scopeOfFlow } from '../../../flow/field-rules.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType, planValues, putBack } from './effect-type.ts'

/**
 * Writes fields of another record, that a rule leads to: `{"var": "partner"}`. Payload: `{object, record, values}`;
 * an empty reference writes nothing.
 */
export const updateRecord = defineEffectType({
  name: 'update_record',
  reckonedLate: true,
  title: { en: 'Update another record', zh: '更新其他记录' },
  icon: 'edit',
  settings: Type.Object(
    { object: Key, record: RuleJson, values: Type.Record(Key, RuleJson) },
    { additionalProperties: false },
  ),
  check: (settings, flow, set, pointer) => {
    if (!set.objects.has(settings.object)) {
      if (set.incomplete?.has(`object:${settings.object}`)) return []
      const values = { object: settings.object, ...suggest(settings.object, set.objects.keys()) }
      return [diagnose(errors.flowObjectUnknown, `${pointer}/object`, values)]
    }
    return [
      ...checkRule(settings.record as Json, scopeOfFlow(flow, set), {
        expect: { t: 'ref', nullable: true, object: settings.object },
        path: `${pointer}/record`,
      }).diagnostics,
      ...checkFieldRules(settings.values, settings.object, flow, set, `${pointer}/values`),
    ]
  },
  plan: (settings, evaluate) => ({
    object: settings.object,
    record: evaluate(settings.record as Json),
    values: planValues(settings.values, evaluate),
  }),
  reckons: ({ record, values }) => {
    const read = isJsonObject(record as Json) ? (record as JsonObject).var : null
    const path = Array.isArray(read) ? read[0] : read
    const selfOf = (field: string) => (typeof path === 'string' ? `${path}.${field}` : null)
    return Object.entries(values).map(([field, rule]) => ({ field, rule: rule as Json, self: selfOf(field) }))
  },
  undo: ({ object = null, record: seen = null }, _before, result) => {
    const { before = null, id: record = seen } = result
    return isJsonObject(before) ? [putBack(Object.keys(before), before, result, { object, record })] : []
  },
  trace: (_data, locale) => (locale === 'zh' ? '已更新关联记录' : 'Another record was updated'),
})
