import { findFieldType } from '../fields/index.ts'
import type { Json } from '../json.ts'
import { workCalendar } from '../logic/calendars/work-calendar.ts'
import { withNullable } from '../logic/rule-type.ts'
import { ruleTypeFromJsonSchema } from '../logic/schema-type.ts'
import type { NamedRule, RuleLibrary, RuleScope, RuleType } from '../logic/types.ts'
import type { Text } from '../text.ts'
import type { RuleDefinitions } from './definition-set.ts'
import type { FieldDefinition } from './object.ts'
import type { RuleDefinition } from './rule.ts'

/** The declared inputs of a named rule: those that are not required may be empty. */
export function inputTypes(rule: Pick<RuleDefinition, 'inputs'>): readonly (readonly [string, RuleType])[] {
  const required = new Set(rule.inputs.required ?? [])
  return Object.entries(rule.inputs.properties).flatMap(([key, schema]): [string, RuleType][] => {
    const field = schema as FieldDefinition
    const type =
      typeof field['x-field'] === 'string'
        ? findFieldType(field['x-field'])?.ruleType(field)
        : ruleTypeFromJsonSchema(schema as Json)
    if (!type) return []
    return [[key, withNullable(type, type.t !== 'list' && (type.nullable || !required.has(key)))]]
  })
}

function titleOf(schema: unknown, key: string): Text {
  const { title, 'x-title': others } = schema as { title?: unknown; 'x-title'?: { zh?: unknown } }
  const en = typeof title === 'string' ? title : key
  return { en, zh: typeof others?.zh === 'string' ? others.zh : en }
}

const libraries = new WeakMap<RuleDefinitions, RuleLibrary>()

/** What the rules of a set may name. `scopeOf` gives a named rule its context and what references lead to. */
export function libraryOf(set: RuleDefinitions, scopeOf: () => RuleScope): RuleLibrary {
  const known = libraries.get(set)
  if (known) return known
  const made = new Map<string, NamedRule>()
  const library: RuleLibrary = {
    rule(key) {
      const definition = set.rules.get(key)
      if (definition && !made.has(key)) made.set(key, namedRule(definition, scopeOf()))
      return made.get(key)
    },
    rules: [...set.rules.keys()],
    calendar(key) {
      const definition = set.calendars.get(key)
      return definition && workCalendar(definition)
    },
    calendars: [...set.calendars.keys()],
    uniqueKeys(object) {
      // A constraint with a condition holds for some records only.
      return set.objects
        .get(object)
        ?.unique?.filter(({ when }) => when === undefined)
        .map(({ fields }) => fields)
        .concat([['id']])
    },
    objects: [...set.objects.keys()],
    fieldsOf: (object) => scopeOf().object(object),
  }
  libraries.set(set, library)
  return library
}

/**
 * The library where rules know less: the named rules called there read nothing of the reader or the clock either.
 * `looksNowhere` says why nothing can be looked up; absent where that is allowed.
 */
export function narrowLibrary({ library, object }: RuleScope, looksNowhere?: Text): RuleLibrary {
  if (!library) throw new Error('the scope of a definition has a library')
  return {
    ...library,
    ...(looksNowhere ? { looksNowhere } : {}),
    rule(key) {
      const rule = library.rule(key)
      if (!rule) return undefined
      const root = new Map([...rule.scope.root].filter(([name]) => !name.startsWith('$')))
      return { ...rule, scope: { ...rule.scope, object, root } }
    },
  }
}

function namedRule(definition: RuleDefinition, scope: RuleScope): NamedRule {
  const properties = definition.inputs.properties as Record<string, unknown>
  return {
    key: definition.key,
    title: definition.title,
    inputs: inputTypes(definition).map(([name, type]) => ({
      name,
      type,
      title: titleOf(properties[name], name),
    })),
    result:
      definition.result === undefined ? null : (ruleTypeFromJsonSchema(definition.result as Json) ?? null),
    body:
      definition.table === undefined
        ? { rule: definition.rule as Json }
        : { table: definition.table as Json },
    scope,
  }
}
