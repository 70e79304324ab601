import { fieldTypeOf, findFieldType, linesOf } from '../fields/index.ts'
import { recordFields, type ScopeOptions, scopeFromFields } from '../logic/scope.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'
import type { RuleDefinitions } from './definition-set.ts'
import type { FormDefinition } from './form.ts'
import { libraryOf, narrowLibrary } from './library.ts'
import type { FieldDefinition, ObjectDefinition } from './object.ts'

// What rules may read, by where they stand. ARCHITECTURE.md, "Rules read one scope".

const cache = new WeakMap<RuleDefinitions, Map<string, ReadonlyMap<string, RuleType>>>()

/** The object whose records are the organisations that people belong to, if there is one. */
export function findParty(set: RuleDefinitions): ObjectDefinition | undefined {
  for (const object of set.objects.values()) if (object.party) return object
  return undefined
}

function fieldsOf(object: ObjectDefinition) {
  const fields = Object.entries(object.schema.properties) as [string, FieldDefinition][]
  return fields.filter(([, field]) => findFieldType(field['x-field']))
}

function typesOf(object: ObjectDefinition): [string, RuleType][] {
  return fieldsOf(object).map(([key, field]) => [key, fieldTypeOf(field).ruleType(field)])
}

/** A stored record has what its object requires and what the platform itself gives. */
function filledFields(object: ObjectDefinition): Pick<ScopeOptions, 'object' | 'required'> {
  const generated = fieldsOf(object).filter(([, field]) => fieldTypeOf(field).generated)
  return {
    object: object.key,
    required: [...(object.schema.required ?? []), ...generated.map(([key]) => key)],
  }
}

function readThrough(set: RuleDefinitions, key: string): ReadonlyMap<string, RuleType> | undefined {
  const known = cache.get(set) ?? new Map<string, ReadonlyMap<string, RuleType>>()
  cache.set(set, known)
  const target = set.objects.get(key)
  if (!known.has(key) && target) known.set(key, recordFields(typesOf(target), filledFields(target)))
  return known.get(key)
}

/** Names of one's own beside the context and what references lead to: the inputs of a named rule. */
export function inputScope(
  set: RuleDefinitions,
  inputs: Iterable<readonly [string, RuleType]>,
  options: ScopeOptions = {},
): RuleScope {
  const party = findParty(set)?.key ?? null
  const objects = (key: string) => readThrough(set, key)
  // Named rules read their inputs and the context, wherever they are called from.
  const library = libraryOf(set, () => scopeFromFields([], { party, objects }))
  return { ...scopeFromFields(inputs, { party, objects, ...options }), library }
}

/** Rules over a stored record: filters, row rights, unique and exclusive conditions, lifecycle, computed, triggers. */
export function recordScope(set: RuleDefinitions, object: string, options: ScopeOptions = {}): RuleScope {
  const own = set.objects.get(object)
  return own
    ? inputScope(set, typesOf(own), { ...filledFields(own), ...options })
    : inputScope(set, [], options)
}

/**
 * Rules of a form: the same fields, each of which may still be empty. The form of a task knows which answer is being
 * given: `$decision`, empty until one is chosen.
 */
export function formScope(
  set: RuleDefinitions,
  object: string,
  purpose?: FormDefinition['purpose'],
): RuleScope {
  const decision: RuleType = { t: 'str', nullable: true }
  return recordScope(set, object, {
    draft: true,
    ...(purpose === 'task' ? { extra: { $decision: decision } } : {}),
  })
}

/** Rules within one row of a lines field: its own columns and the context. */
export function linesScope(set: RuleDefinitions, field: FieldDefinition): RuleScope {
  const lines = linesOf(field)
  const columns = Object.entries(lines?.properties ?? {}).filter(([, column]) =>
    findFieldType(column['x-field']),
  )
  return inputScope(
    set,
    columns.map(([key, column]) => [key, fieldTypeOf(column).ruleType(column)] as const),
    // What a column refers to is not brought along: a row reads itself alone.
    { required: [...(lines?.required ?? [])], objects: () => undefined },
  )
}

const noObject = () => undefined

/** Conditions of unique and exclusive constraints become part of an index: they know the record's own fields only. */
export function constraintScope(set: RuleDefinitions, object: string): RuleScope {
  const scope = recordScope(set, object)
  return {
    ...scope,
    root: new Map([...scope.root].filter(([key]) => !key.startsWith('$'))),
    object: noObject,
    library: narrowLibrary(
      { ...scope, object: noObject },
      {
        en: 'a condition of a constraint reads the fields of its own record only; a computed field may look up for it',
        zh: '约束的条件只读取本记录的字段;可由计算字段代为查表',
      },
    ),
  }
}

/**
 * Rules of a flow: the record, and the run that it is the case of. `more`: what its cases are handed besides
 * (`flow/given.ts`), what an event brings.
 */
export function flowScope(
  set: RuleDefinitions,
  object: string,
  more: Readonly<Record<string, RuleType>> = {},
): RuleScope {
  const fields = new Map<string, RuleType>([['applicant', { t: 'user', nullable: false }]])
  return recordScope(set, object, { extra: { ...more, $run: { t: 'obj', nullable: false, fields } } })
}
