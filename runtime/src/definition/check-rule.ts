import { findFieldType } from '../fields/index.ts'
import type { Json } from '../json.ts'
import { withNullable } from '../logic/rule-type.ts'
import { ruleTypeFromJsonSchema } from '../logic/schema-type.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FieldDefinition } from './object.ts'
import { Report } from './report.ts'
import type { RuleDefinition } from './rule.ts'
import { inputScope } from './scopes.ts'

/** What a named rule may read: its declared inputs and the context. */
export function namedRuleScope(rule: RuleDefinition, set: DefinitionSet): RuleScope {
  const inputs = Object.entries(rule.inputs.properties).flatMap(([key, schema]): [string, RuleType][] => {
    const field = schema as FieldDefinition
    const type =
      typeof field['x-field'] === 'string'
        ? findFieldType(field['x-field'])?.ruleType(field)
        : ruleTypeFromJsonSchema(schema as Json)
    return type ? [[key, type]] : []
  })
  return inputScope(set, inputs, { required: rule.inputs.required ?? [] })
}

/** The rule fits its inputs and gives its declared result. */
export function checkNamedRule(rule: RuleDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const expect = ruleTypeFromJsonSchema(rule.result as Json)
  report.rule(rule.rule, namedRuleScope(rule, set), '/rule', 'F', expect && withNullable(expect, true))
  return report.diagnostics
}
