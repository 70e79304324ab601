import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'

export type Path = readonly (string | number)[]

/** What a meta-schema says of a place in a definition. */
export interface SchemaPlace {
  /** The parts that may describe the value there; alternatives are all kept. */
  readonly schemas: readonly JsonObject[]
  /** Where the rule begins that the place lies in, as a length of the path; null outside rules. */
  readonly ruleAt: number | null
}

/**
 * Follows a path through a meta-schema. `value` is the definition as far as it is written: it says which of several
 * shapes is meant (a field's by its type).
 */
export function walkSchema(root: JsonObject, value: Json | undefined, path: Path): SchemaPlace {
  let here = expand(root, root, value)
  let at = value
  for (const [index, segment] of path.entries()) {
    if (here.some(isRule)) return { schemas: [], ruleAt: index }
    at = valueAt(at, segment)
    here = here.flatMap((schema) => step(schema, segment)).flatMap((schema) => expand(root, schema, at))
    if (here.length === 0) return { schemas: [], ruleAt: null }
  }
  return { schemas: here, ruleAt: here.some(isRule) ? path.length : null }
}

/** Marked so by `RuleJson` of the runtime. */
function isRule(schema: JsonObject): boolean {
  return schema.$comment === 'rule'
}

export function valueAt(value: Json | undefined, segment: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(segment)]
  return isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined
}

export function valueAtPath(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce(valueAt, value)
}

function expand(root: JsonObject, schema: JsonObject, value: Json | undefined): JsonObject[] {
  if (typeof schema.$ref === 'string') {
    const target = valueAtPath(root, schema.$ref.replace(/^#\//, '').split('/'))
    return isJsonObject(target) ? expand(root, target, value) : []
  }
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].filter(Array.isArray).flat().filter(isJsonObject)
  return [
    schema,
    ...parts.flatMap((part) => {
      if (!isJsonObject(part.if)) return expand(root, part, value)
      return isJsonObject(part.then) && holds(part.if, value) ? expand(root, part.then, value) : []
    }),
  ]
}

/** The conditions that shapes are told apart by: a property that is a constant. */
function holds(condition: JsonObject, value: Json | undefined): boolean {
  if (!isJsonObject(condition.properties)) return false
  return Object.entries(condition.properties).every(
    ([name, wanted]) => isJsonObject(wanted) && wanted.const === valueAt(value, name),
  )
}

function step(schema: JsonObject, segment: string | number): JsonObject[] {
  if (typeof segment === 'number') return isJsonObject(schema.items) ? [schema.items] : []
  const own = isJsonObject(schema.properties) ? schema.properties[segment] : undefined
  if (isJsonObject(own)) return [own]
  if (isJsonObject(schema.patternProperties)) {
    return Object.values(schema.patternProperties).filter(isJsonObject)
  }
  return isJsonObject(schema.additionalProperties) ? [schema.additionalProperties] : []
}

export interface PropertyChoice {
  readonly name: string
  readonly detail: string
  readonly required: boolean
}

/** Property names the schemas allow, with what is said of each. */
export function propertyChoices(schemas: readonly JsonObject[], locale: Locale): PropertyChoice[] {
  const found = new Map<string, PropertyChoice>()
  for (const schema of schemas) {
    if (!isJsonObject(schema.properties)) continue
    const required = Array.isArray(schema.required) ? schema.required : []
    for (const [name, property] of Object.entries(schema.properties)) {
      const detail = isJsonObject(property) ? describe(property, locale) : ''
      const before = found.get(name)
      found.set(name, {
        name,
        detail: detail || (before?.detail ?? ''),
        required: required.includes(name) || before?.required === true,
      })
    }
  }
  return [...found.values()]
}

/** What a schema says of its value, in a line; in English where it has no words of the language. */
export function describe(schema: JsonObject, locale: Locale): string {
  const name = schema.description === undefined ? 'title' : 'description'
  const others = schema[`x-${name}`]
  const text = (isJsonObject(others) ? others[locale] : undefined) ?? schema[name]
  return typeof text === 'string' ? text : ''
}

/** Values a schema names one by one: `const`, `enum`, `oneOf` constants, booleans. */
export function valueChoices(schemas: readonly JsonObject[]): Json[] {
  const found = schemas.flatMap((schema): Json[] => {
    if (schema.const !== undefined) return [schema.const]
    if (Array.isArray(schema.enum)) return schema.enum
    return schema.type === 'boolean' ? [true, false] : []
  })
  return [...new Map(found.map((value) => [JSON.stringify(value), value])).values()]
}

/** What the shapes are called that values of a property choose: the title of each field type, node type, card. */
export function shapeTitle(holders: readonly JsonObject[], property: string, value: Json): Text | null {
  for (const holder of holders) {
    for (const part of Array.isArray(holder.allOf) ? holder.allOf : []) {
      const { if: condition, then } = isJsonObject(part) ? part : {}
      if (!isJsonObject(condition) || !isJsonObject(then) || typeof then.title !== 'string') continue
      if (!holds(condition, { [property]: value })) continue
      const zh = isJsonObject(then['x-title']) ? then['x-title'].zh : undefined
      return { en: then.title, zh: typeof zh === 'string' ? zh : then.title }
    }
  }
  return null
}

/** A first value for a fresh property, so that the text stays valid JSON: `""`, `[]`, `{}`, `0`. */
export function emptyValueText(schemas: readonly JsonObject[]): string {
  const values = valueChoices(schemas)
  if (values.length === 1) return JSON.stringify(values[0])
  switch (schemas.map((schema) => schema.type).find((type) => type !== undefined)) {
    case 'array':
      return '[]'
    case 'object':
      return '{}'
    case 'integer':
    case 'number':
      return '0'
    case 'boolean':
      return 'false'
    case 'string':
      return '""'
    default:
      return values.length > 0 ? '""' : schemas.some(isRule) ? '{}' : 'null'
  }
}
