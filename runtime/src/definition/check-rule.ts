import { findFieldType } from '../fields/index.ts'
import { withNull } from '../fields/rule-type.ts'
import { isJsonObject } from '../json.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FieldDefinition } from './object.ts'
import { Report } from './report.ts'
import type { RuleDefinition } from './rule.ts'
import { schemaRuleType } from './schema-rule-type.ts'
import { contextTypes, recordScope } from './scopes.ts'

/** What a named rule may read: its declared inputs and the context. */
export function namedRuleScope(rule: RuleDefinition, set: DefinitionSet): RuleScope {
  const required = new Set(rule.inputs.required)
  const inputs = new Map<string, RuleType>()
  for (const [key, schema] of Object.entries(rule.inputs.properties)) {
    const field = schema as FieldDefinition
    const type =
      typeof field['x-field'] === 'string'
        ? findFieldType(field['x-field'])?.ruleType(field)
        : schemaRuleType(field)
    if (type) inputs.set(key, withNull(type, !required.has(key)))
  }
  const records = recordScope(set, '')
  return { root: new Map([...inputs, ...contextTypes(set)]), object: (key) => records.object(key) }
}

/** The rule fits its inputs and gives its declared result. */
export function checkNamedRule(rule: RuleDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  const expect = isJsonObject(rule.result) ? schemaRuleType(rule.result) : undefined
  report.rule(rule.rule, namedRuleScope(rule, set), '/rule', 'F', expect && withNull(expect, true))
  return report.diagnostics
}
