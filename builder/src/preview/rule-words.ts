import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { recordScope } from '@channelwright/runtime/definition/scopes.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import { formulaFields, type TitleOf, writeFormula } from '@channelwright/runtime/logic/formula/index.ts'
import type { RuleScope } from '@channelwright/runtime/logic/index.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'

/** What stands in the context of every rule, as people name it. */
const context: Readonly<Record<string, Text>> = {
  $user: { en: 'the person', zh: '当前用户' },
  '$user.id': { en: 'self', zh: '本人' },
  '$user.partner': { en: 'own organisation', zh: '本组织' },
  '$user.partners': { en: 'own organisation and those below', zh: '本组织及下级组织' },
  '$user.roles': { en: 'roles', zh: '角色' },
  $today: { en: 'today', zh: '今天' },
  $now: { en: 'now', zh: '此刻' },
}

/** Title of the field that a path leads to, through references too. */
export function titlesOf(set: DefinitionSet, object: string): TitleOf {
  return (path) => {
    if (Object.hasOwn(context, path)) return context[path]
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

/**
 * Rows that a grant gives, in words where the rule is one of the usual ones: those of the own organisation, those of
 * the person, and several of these at once. Any other is a formula whose context is in words.
 */
export function sayRows(rule: Json, set: DefinitionSet, object: string, locale: Locale): string {
  return (
    sayOwn(rule, set, object, locale) ??
    sayRecordRule(rule, set, object, locale).replace(contextPath, (path) => `[${context[path]?.[locale]}]`)
  )
}

/** The context as it stands in a formula, the longer path before the one that it begins with. */
const contextPath = new RegExp(
  `(?<!\\w)(${Object.keys(context)
    .sort((a, b) => b.length - a.length)
    .map((path) => path.replace(/[$.]/g, '\\$&'))
    .join('|')})\\b`,
  'g',
)

const joined: Readonly<Record<string, Text>> = {
  and: { en: ' and ', zh: '且' },
  or: { en: ' or ', zh: '或' },
}

function sayOwn(rule: Json, set: DefinitionSet, object: string, locale: Locale): string | null {
  const [operator = '', operands] = isJsonObject(rule) ? (Object.entries(rule)[0] ?? []) : []
  if (!Array.isArray(operands)) return null
  if (Object.hasOwn(joined, operator)) {
    const parts = operands.map((one) => sayOwn(one, set, object, locale))
    return parts.some((part) => part === null) ? null : parts.join(joined[operator]?.[locale])
  }
  const [left, right] = operands.map(pathOf)
  if ((operator !== '==' && operator !== 'in') || !left || !right?.startsWith('$user.')) return null
  const whose = context[right]?.[locale]
  // The record that people belong to is theirs by its own id.
  if (left === 'id') return whose ?? null
  const field = titlesOf(set, object)(left)?.[locale]
  if (!field || !whose) return null
  return locale === 'zh' ? `${field}为${whose}` : `${field}: ${whose}`
}

function pathOf(operand: Json): string | null {
  return isJsonObject(operand) && typeof operand.var === 'string' ? operand.var : null
}
