import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'

/** Keywords that ajv's extensions add and JSON Schema 2020-12 does not know; OpenAPI wants them marked. */
const extensions = new Set([
  'formatMinimum',
  'formatMaximum',
  'formatExclusiveMinimum',
  'formatExclusiveMaximum',
])

/** The same schema as OpenAPI 3.1 allows it: extensions marked by `x-`, our own annotations and empty words left out. */
export function cleanSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(cleanSchema)
  if (!isJsonObject(schema)) return schema
  const clean: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    if (extensions.has(key)) clean[`x-${key}`] = value
    else if (key === 'properties' && isJsonObject(value)) clean.properties = cleanProperties(value)
    else if (key === 'const' || key === 'enum' || key === 'default' || key === 'examples') clean[key] = value
    else if (!key.startsWith('x-') && key !== '$id' && key !== '$schema') clean[key] = cleanSchema(value)
  }
  return clean
}

/** Names of properties are nobody's keywords; one that is never accepted (`false`) need not be shown. */
function cleanProperties(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, schema]) => schema !== false)
      .map(([name, schema]) => [name, cleanSchema(schema)]),
  )
}
