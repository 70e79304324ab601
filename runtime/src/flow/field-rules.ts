import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import { flowScope } from '../definition/scopes.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import { fieldTypeOf, findFieldType } from '../fields/index.ts'
import { suggest } from '../fields/suggest.ts'
import type { Json } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'
import { givenTypes } from './given.ts'

const scopes = new WeakMap<FlowDefinition, { readonly set: DefinitionSet; readonly scope: RuleScope }>()

/** What the rules of a flow read; kept while the same flow is checked against the same set. */
export function scopeOfFlow(flow: FlowDefinition, set: DefinitionSet): RuleScope {
  const kept = scopes.get(flow)
  if (kept?.set === set) return kept.scope
  const scope = flowScope(set, flow.object, givenTypes(flow, set))
  scopes.set(flow, { set, scope })
  return scope
}

export interface FieldRuleOptions {
  /** What they read. Default: what the rules of the flow do. */
  readonly scope?: RuleScope
  /** A required field may be found empty: the record refuses it then, and whoever sends it is told. */
  readonly mayBeEmpty?: boolean
}

/** Rules that a flow writes into fields of an object: the fields exist, the values fit, the state may be reached. */
export function checkFieldRules(
  rules: Readonly<Record<string, unknown>>,
  objectKey: string,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
  { scope = scopeOfFlow(flow, set), mayBeEmpty = false }: FieldRuleOptions = {},
): Diagnostic[] {
  const object = set.objects.get(objectKey)
  if (object === undefined) return []
  const { properties } = object.schema
  return Object.entries(rules).flatMap(([key, rule]): Diagnostic[] => {
    const path = `${pointer}/${key}`
    const field = properties[key] as FieldDefinition | undefined
    if (field === undefined) {
      const values = { object: objectKey, field: key, ...suggest(key, Object.keys(properties)) }
      return [diagnose(errors.flowFieldUnknown, path, values)]
    }
    const type = findFieldType(field['x-field'])
    if (type === undefined) return []
    if (key in (object.computed ?? {}) || type.generated === true)
      return [diagnose(errors.flowFieldComputed, path, { field: key })]
    const checked = checkRule(rule as Json, scope, {
      expect: mayBeEmpty ? asNullable(field) : writableType(object, key, field),
      path,
    })
    // A word that is no state at all has been told of already.
    return checked.rule === null
      ? checked.diagnostics
      : [...checked.diagnostics, ...checkMove(object, key, rule as Json, path)]
  })
}

/** Fields that a new record of the object must have and that neither these values nor the object itself gives. */
export function findMissingFields(
  objectKey: string,
  values: Readonly<Record<string, unknown>>,
  set: Pick<DefinitionSet, 'objects'>,
): readonly string[] {
  const object = set.objects.get(objectKey)
  return (object?.schema.required ?? []).filter((field) => {
    const schema = object?.schema.properties[field] as Record<string, unknown> | undefined
    const given = field in values || field in (object?.computed ?? {})
    return (
      !given &&
      schema?.default === undefined &&
      schema?.readOnly !== true &&
      object?.lifecycle?.field !== field
    )
  })
}

function asNullable(field: FieldDefinition): RuleType {
  return { ...fieldTypeOf(field).ruleType(field), nullable: true } as RuleType
}

/** A field that may be empty takes an empty value; one that is required does not. */
function writableType(object: ObjectDefinition, key: string, field: FieldDefinition): RuleType {
  const type = fieldTypeOf(field).ruleType(field)
  const nullable = object.schema.required?.includes(key) !== true
  return type.t === 'null' ? type : ({ ...type, nullable } as RuleType)
}

/** A state that is written out must be one that some move of the lifecycle leads to. */
function checkMove(object: ObjectDefinition, key: string, rule: Json, path: string): Diagnostic[] {
  const { lifecycle } = object
  if (lifecycle === undefined || lifecycle.field !== key || typeof rule !== 'string') return []
  if (lifecycle.initial === rule || lifecycle.moves.some((move) => move.to === rule)) return []
  return [diagnose(errors.flowNoMove, path, { object: object.key, state: rule })]
}

/** The field at the end of a path of references, or the part that leads nowhere. */
export function findFieldByPath(
  path: string,
  objectKey: string,
  set: DefinitionSet,
): { field: FieldDefinition } | { part: string; names: readonly string[] } {
  const parts = path.split('.')
  let object = set.objects.get(objectKey)
  for (const [index, part] of parts.entries()) {
    const names = Object.keys(object?.schema.properties ?? {})
    const field = names.includes(part) ? (object?.schema.properties[part] as FieldDefinition) : undefined
    if (field === undefined) return { part, names }
    if (index === parts.length - 1) return { field }
    const target = field['x-object']
    object =
      field['x-field'] === 'reference' && typeof target === 'string' ? set.objects.get(target) : undefined
  }
  return { part: path, names: [] }
}
