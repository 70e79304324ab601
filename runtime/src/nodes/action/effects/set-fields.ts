import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { checkFieldRules } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { defineEffectType, planValues, writeBack } from './effect-type.ts'

/** Writes fields of the flow's record. Payload: `{values}`. */
export const setFields = defineEffectType({
  name: 'set_fields',
  reckonedLate: true,
  title: { en: 'Set fields', zh: '设置字段' },
  icon: 'forms',
  settings: Type.Record(Key, RuleJson),
  check: (settings, flow, set, pointer) => checkFieldRules(settings, flow.object, flow, set, pointer),
  writes: (settings) => Object.keys(settings),
  plan: (settings, evaluate) => ({ values: planValues(settings, evaluate) }),
  reckons: (settings) =>
    Object.entries(settings).map(([field, rule]) => ({ field, rule: rule as Json, self: field })),
  undo: writeBack,
  trace: (_data, locale) => (locale === 'zh' ? '记录已更新' : 'The record was updated'),
})
