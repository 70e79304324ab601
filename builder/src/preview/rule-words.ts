import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { recordScope } from '@channelwright/runtime/definition/scopes.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { formulaFields, type TitleOf, writeFormula } from '@channelwright/runtime/logic/formula/index.ts'
import type { RuleScope } from '@channelwright/runtime/logic/index.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'

/** Title of the field that a path leads to, through references too. */
export function titlesOf(set: DefinitionSet, object: string): TitleOf {
  return (path) => {
    let holder = set.objects.get(object)
    let found: FieldDefinition | undefined
    for (const key of path.split('.')) {
      const properties = holder?.schema.properties
      found = properties && Object.hasOwn(properties, key) ? (properties[key] as FieldDefinition) : undefined
      holder = found ? set.objects.get(String(found['x-object'])) : undefined
    }
    return found && textOf(found)
  }
}

function textOf(field: FieldDefinition): Text {
  return { en: field.title, zh: field['x-title'].zh }
}

/** A rule as people write it, fields by their titles. */
export function sayRule(rule: Json, scope: RuleScope, titleOf: TitleOf, locale: Locale): string {
  return writeFormula(rule, { fields: formulaFields(scope, titleOf), locale }) ?? JSON.stringify(rule)
}

export function sayRecordRule(rule: Json, set: DefinitionSet, object: string, locale: Locale): string {
  return sayRule(rule, recordScope(set, object), titlesOf(set, object), locale)
}
