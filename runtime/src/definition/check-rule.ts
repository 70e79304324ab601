import { ruleBodyMissing, ruleInputBad } from '../errors/definitions.ts'
import type { Json } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { limits } from '../logic/limits.ts'
import { withNullable } from '../logic/rule-type.ts'
import { ruleTypeFromJsonSchema } from '../logic/schema-type.ts'
import type { RuleScope } from '../logic/types.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { inputTypes } from './library.ts'
import { Report } from './report.ts'
import type { RuleDefinition } from './rule.ts'
import { inputScope } from './scopes.ts'

/** What a named rule may read: its declared inputs and the context. */
export function namedRuleScope(rule: RuleDefinition, set: DefinitionSet): RuleScope {
  const inputs = inputTypes(rule)
  const required = inputs.filter(([, type]) => !type.nullable).map(([key]) => key)
  const scope = inputScope(set, inputs, { required })
  return { ...scope, calls: { chain: [rule.key], budget: { left: limits.expanded } } }
}

/** The rule or table fits its inputs and gives its declared result; what it calls does not lead back to it. */
export function checkNamedRule(rule: RuleDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const typed = new Set(inputTypes(rule).map(([key]) => key))
  for (const key of Object.keys(rule.inputs.properties)) {
    if (!typed.has(key)) report.add(ruleInputBad, `/inputs/properties/${key}`, { name: key })
  }
  if ((rule.rule === undefined) === (rule.table === undefined)) {
    report.add(ruleBodyMissing, '')
    return report.diagnostics
  }
  const expect = rule.result === undefined ? undefined : ruleTypeFromJsonSchema(rule.result as Json)
  const scope = namedRuleScope(rule, set)
  const options = expect ? { expect: withNullable(expect, true) } : {}
  const checked =
    rule.table === undefined
      ? checkRule(rule.rule as Json, scope, { path: '/rule', ...options })
      : checkRule({ table: rule.table as unknown as Json }, scope, { sized: true, ...options })
  report.diagnostics.push(...checked.diagnostics)
  return report.diagnostics
}
