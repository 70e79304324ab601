import { fieldTypeOf, findFieldType } from '../fields/index.ts'
import { withNull } from '../fields/rule-type.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'

// What rules may read, by where they stand. ARCHITECTURE.md, "Rules read one scope".

const cache = new WeakMap<DefinitionSet, Map<string, ReadonlyMap<string, RuleType>>>()

/** The object whose records are the organisations that people belong to, if there is one. */
export function findParty(set: DefinitionSet): ObjectDefinition | undefined {
  for (const object of set.objects.values()) if (object.party) return object
  return undefined
}

/**
 * The types of an object's fields and of what every record carries. A field is never null when the object requires
 * it. `draft`: every field may still be empty, as in a form being filled.
 */
export function fieldTypesOf(object: ObjectDefinition, draft = false): ReadonlyMap<string, RuleType> {
  const types = new Map<string, RuleType>([
    ['id', { t: 'ref', nullable: draft, object: object.key }],
    ['created_at', { t: 'instant', nullable: draft }],
    ['created_by', { t: 'user', nullable: true }],
    ['updated_at', { t: 'instant', nullable: draft }],
  ])
  const required = new Set(object.schema.required)
  for (const [key, field] of Object.entries(object.schema.properties) as [string, FieldDefinition][]) {
    if (!findFieldType(field['x-field'])) continue
    const type = fieldTypeOf(field)
    // A table without rows is an empty list, never null.
    const filled = !draft && (required.has(key) || type.generated === true)
    types.set(key, withNull(type.ruleType(field), type.name !== 'lines' && !filled))
  }
  return types
}

/** `$user`, `$today`, `$now`. */
export function contextTypes(set: DefinitionSet): ReadonlyMap<string, RuleType> {
  const party = findParty(set)
  const organisation: RuleType = party
    ? { t: 'ref', nullable: true, object: party.key }
    : { t: 'str', nullable: true }
  return new Map<string, RuleType>([
    [
      '$user',
      {
        t: 'obj',
        nullable: false,
        fields: new Map<string, RuleType>([
          ['id', { t: 'user', nullable: false }],
          ['partner', organisation],
          ['partners', { t: 'list', nullable: false, of: withNull(organisation, false) }],
          ['roles', { t: 'list', nullable: false, of: { t: 'str', nullable: false } }],
        ]),
      },
    ],
    ['$today', { t: 'date', nullable: false }],
    ['$now', { t: 'instant', nullable: false }],
  ])
}

function scopeOf(set: DefinitionSet, own: ReadonlyMap<string, RuleType>): RuleScope {
  return {
    root: new Map([...own, ...contextTypes(set)]),
    object: (key) => {
      const known = cache.get(set) ?? new Map<string, ReadonlyMap<string, RuleType>>()
      cache.set(set, known)
      const target = set.objects.get(key)
      if (!known.has(key) && target) known.set(key, fieldTypesOf(target))
      return known.get(key)
    },
  }
}

/** Rules over a stored record: filters, row rights, unique and exclusive conditions, lifecycle, computed, triggers. */
export function recordScope(set: DefinitionSet, object: string): RuleScope {
  const own = set.objects.get(object)
  return scopeOf(set, own ? fieldTypesOf(own) : new Map())
}

/** Rules of a form: the same fields, each of which may still be empty. */
export function formScope(set: DefinitionSet, object: string): RuleScope {
  const own = set.objects.get(object)
  return scopeOf(set, own ? fieldTypesOf(own, true) : new Map())
}

/** Rules of a flow: the record, and the run that it is the case of. */
export function flowScope(set: DefinitionSet, object: string): RuleScope {
  const run: RuleType = {
    t: 'obj',
    nullable: false,
    fields: new Map<string, RuleType>([['applicant', { t: 'user', nullable: false }]]),
  }
  const scope = recordScope(set, object)
  return { ...scope, root: new Map([...scope.root, ['$run', run]]) }
}
