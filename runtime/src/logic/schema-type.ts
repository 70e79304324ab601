import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { decimalFromNumber } from './decimal.ts'
import { commonType, decimal, nothing, withNullable } from './rule-type.ts'
import { isPathSegment } from './scope.ts'
import type { RuleScope, RuleType } from './types.ts'

/** Places of a JSON Schema number that does not say `multipleOf`. */
const defaultPlaces = 6

/**
 * The rule type of a plain JSON Schema (2020-12). A property is never empty when it is required and its type does not
 * allow null. Undefined for what rules cannot hold (several types, no type).
 */
export function ruleTypeFromJsonSchema(schema: Json): RuleType | undefined {
  if (!isJsonObject(schema)) return undefined
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null')
    if (types.length !== 1) return types.length === 0 ? nothing : undefined
    const type = ruleTypeFromJsonSchema({ ...schema, type: types[0]! })
    return type && withNullable(type, type.nullable || schema.type.includes('null'))
  }
  if (schema.type === undefined) return typeFromValues(schema)
  switch (schema.type) {
    case 'null':
      return nothing
    case 'boolean':
      return { t: 'bool', nullable: false }
    case 'integer':
      return { t: 'int', nullable: false, ...numberLimits(schema) }
    case 'number':
      return { t: 'dec', nullable: false, scale: placesOf(schema), ...numberLimits(schema) }
    case 'string':
      return stringType(schema)
    case 'array': {
      const of = schema.items === undefined ? nothing : ruleTypeFromJsonSchema(schema.items)
      return of && { t: 'list', nullable: false, of }
    }
    case 'object':
      return { t: 'obj', nullable: false, fields: fieldsFromJsonSchema(schema) }
    default:
      return undefined
  }
}

function fieldsFromJsonSchema(schema: { [key: string]: Json }): Map<string, RuleType> {
  const fields = new Map<string, RuleType>()
  const required = Array.isArray(schema.required) ? schema.required : []
  for (const [key, property] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
    const type = isPathSegment(key) ? ruleTypeFromJsonSchema(property) : undefined
    if (type) fields.set(key, withNullable(type, type.nullable || !required.includes(key)))
  }
  return fields
}

/** `const`, `enum` and choices (`oneOf` of constants) without a `type`: that of their values. */
function typeFromValues(schema: { [key: string]: Json }): RuleType | undefined {
  const values = valuesOf(schema)
  const types = values.map(inferRuleType)
  return types.reduce<RuleType | undefined>(
    (all, type) => (all && type ? (commonType(all, type) ?? undefined) : undefined),
    types[0],
  )
}

function valuesOf(schema: { [key: string]: Json }): readonly Json[] {
  if (Array.isArray(schema.enum)) return schema.enum
  if (schema.const !== undefined) return [schema.const]
  if (Array.isArray(schema.oneOf)) {
    return schema.oneOf.flatMap((choice) =>
      isJsonObject(choice) && choice.const !== undefined ? [choice.const] : [],
    )
  }
  return []
}

function stringType(schema: { [key: string]: Json }): RuleType {
  if (schema.format === 'decimal') {
    return {
      t: 'dec',
      nullable: false,
      scale: typeof schema['x-scale'] === 'number' ? schema['x-scale'] : 2,
      ...(typeof schema.formatMinimum === 'string' ? { min: schema.formatMinimum } : {}),
      ...(typeof schema.formatMaximum === 'string' ? { max: schema.formatMaximum } : {}),
    }
  }
  if (schema.format === 'date') return { t: 'date', nullable: false }
  if (schema.format === 'date-time') return { t: 'instant', nullable: false }
  const values = valuesOf(schema).filter((value) => typeof value === 'string')
  return { t: 'str', nullable: false, ...(values.length > 0 ? { enum: values } : {}) }
}

function placesOf(schema: { [key: string]: Json }): number {
  if (typeof schema['x-scale'] === 'number') return schema['x-scale']
  const step = typeof schema.multipleOf === 'number' ? decimalFromNumber(schema.multipleOf) : null
  return step?.scale ?? defaultPlaces
}

function numberLimits(schema: { [key: string]: Json }): { min?: string; max?: string } {
  const text = (value: Json | undefined) =>
    typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
  const [min, max] = [text(schema.minimum), text(schema.maximum)]
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

/** The type a value itself shows; undefined where none fits (lists of unlike things, numbers of over 15 digits). */
export function inferRuleType(value: Json): RuleType | undefined {
  if (value === null) return nothing
  if (typeof value === 'boolean') return { t: 'bool', nullable: false }
  if (typeof value === 'string') return { t: 'str', nullable: false }
  if (typeof value === 'number') {
    const number = decimalFromNumber(value)
    return number && number.scale <= 20 ? decimal(number.scale) : undefined
  }
  if (Array.isArray(value)) {
    let of: RuleType | undefined = nothing
    for (const [i, item] of value.entries()) {
      const type = inferRuleType(item)
      of = !type || !of ? undefined : i === 0 ? type : joinTypes(of, type)
    }
    return of && { t: 'list', nullable: false, of }
  }
  const fields = new Map<string, RuleType>()
  for (const [key, each] of Object.entries(value)) {
    const type = isPathSegment(key) ? inferRuleType(each) : undefined
    if (type) fields.set(key, type)
  }
  return { t: 'obj', nullable: false, fields }
}

/** What holds the values of both; of groups, the fields of both, empty where one has none. */
function joinTypes(a: RuleType, b: RuleType): RuleType | undefined {
  if (a.t !== 'obj' || b.t !== 'obj') return commonType(a, b) ?? undefined
  const fields = new Map<string, RuleType>()
  for (const key of new Set([...a.fields.keys(), ...b.fields.keys()])) {
    const [x, y] = [a.fields.get(key), b.fields.get(key)]
    const type = x && y ? joinTypes(x, y) : withNullable((x ?? y)!, true)
    // Values of one name that have nothing in common are not read, as in lists of unlike things.
    if (type) fields.set(key, type)
  }
  return { t: 'obj', nullable: a.nullable || b.nullable, fields }
}

/**
 * A scope made of one type: what a rule over plain JSON reads. With `data`, the data itself is the schema, and paths
 * that it does not have are empty.
 */
export function scopeFromType(
  type: RuleType | undefined,
  context: Readonly<Record<string, RuleType>> = {},
  data?: Json,
): RuleScope {
  const root = new Map(type?.t === 'obj' ? type.fields : [])
  for (const [key, each] of Object.entries(context)) if (!root.has(key)) root.set(key, each)
  return {
    root,
    object: () => undefined,
    ...(type ? { whole: type } : {}),
    ...(data === undefined ? {} : { isAbsent: (path: string) => isAbsent(data, path) }),
  }
}

/** Whether JSON-logic finds nothing at the path. What a text or a list has besides its entries is not asked for. */
function isAbsent(data: Json, path: string): boolean {
  let at: Json | undefined = data
  for (const step of path.split('.')) {
    if (!/^\d+$/.test(step) && !isPathSegment(step)) return false
    if (at === null || at === undefined || typeof at === 'number' || typeof at === 'boolean') return true
    if (typeof at === 'string' || (Array.isArray(at) && !/^\d+$/.test(step))) return false
    at = Object.hasOwn(at, step) ? (at as JsonObject)[step] : undefined
  }
  return at === null || at === undefined
}
