import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { checkFieldRules } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { defineEffectType, writeBack } from './effect-type.ts'

const settings = Type.Object(
  {
    rule: Key,
    /** Its inputs; what is left out is empty. */
    inputs: Type.Optional(Type.Record(Key, RuleJson)),
    /** The field of the flow's record that takes the result. */
    into: Key,
  },
  { additionalProperties: false },
)

const callOf = (rule: string, inputs: Record<string, unknown> = {}): Json => ({
  rule: [rule, inputs as never],
})

/** Calls a named rule and keeps its result. Payload: `{values}`. */
export const runRule = defineEffectType({
  name: 'run_rule',
  reckonedLate: true,
  title: { en: 'Run a rule', zh: '运行规则' },
  icon: 'math-function',
  settings,
  check: ({ rule, inputs, into }, flow, set, pointer) =>
    checkFieldRules({ [into]: callOf(rule, inputs) }, flow.object, flow, set, pointer),
  plan: ({ rule, inputs, into }, evaluate) => ({ values: { [into]: evaluate(callOf(rule, inputs)) } }),
  reckons: ({ rule, inputs, into }) => [{ field: into, rule: callOf(rule, inputs), self: into }],
  undo: writeBack,
  trace: (_data, locale) =>
    locale === 'zh' ? '规则已运行,结果已保存' : 'A rule was run and its result kept',
})
