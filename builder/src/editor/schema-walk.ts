import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'

/** The parts of a meta-schema that may describe the value at a path; alternatives are all kept. */
export function schemasAt(root: JsonObject, path: readonly (string | number)[]): JsonObject[] {
  let here = expand(root)
  for (const segment of path) {
    here = here.flatMap((schema) => step(schema, segment)).flatMap(expand)
    if (here.length === 0) return []
  }
  return here
}

function expand(schema: JsonObject): JsonObject[] {
  const alternatives = [schema.anyOf, schema.oneOf, schema.allOf]
    .filter(Array.isArray)
    .flat()
    .filter(isJsonObject)
  return alternatives.length === 0 ? [schema] : [schema, ...alternatives.flatMap(expand)]
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

/** Property names the schemas allow, with what is said of each. */
export function propertyChoices(
  schemas: readonly JsonObject[],
): { name: string; detail: string; required: boolean }[] {
  const found = new Map<string, { name: string; detail: string; required: boolean }>()
  for (const schema of schemas) {
    if (!isJsonObject(schema.properties)) continue
    const required = Array.isArray(schema.required) ? schema.required : []
    for (const [name, property] of Object.entries(schema.properties)) {
      const text = isJsonObject(property) ? (property.description ?? property.title) : undefined
      found.set(name, {
        name,
        detail: typeof text === 'string' ? text : '',
        required: required.includes(name),
      })
    }
  }
  return [...found.values()]
}

/** Values a schema names one by one: `const`, `enum`, booleans. */
export function valueChoices(schemas: readonly JsonObject[]): Json[] {
  return schemas.flatMap((schema): Json[] => {
    if (schema.const !== undefined) return [schema.const]
    if (Array.isArray(schema.enum)) return schema.enum
    return schema.type === 'boolean' ? [true, false] : []
  })
}

/** A first value for a fresh property, so that the text stays valid JSON: `""`, `[]`, `{}`, `0`. */
export function emptyValueText(schema: JsonObject | undefined): string {
  const only = schema && valueChoices([schema])
  if (only && only.length === 1) return JSON.stringify(only[0])
  switch (schema?.type) {
    case 'string':
      return '""'
    case 'array':
      return '[]'
    case 'object':
      return '{}'
    case 'integer':
    case 'number':
      return '0'
    case 'boolean':
      return 'false'
    default:
      return 'null'
  }
}
