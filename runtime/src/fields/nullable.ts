import type { Json, JsonObject } from '../json.ts'

/**
 * The same schema, null allowed: null in a record means the same as absent. Widens `type` and `enum` instead of
 * wrapping in `anyOf`, so that messages stay about the value that was meant.
 */
export function orNull(schema: JsonObject): JsonObject {
  const type: Json = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'object']
  return {
    ...schema,
    type: type.includes('null') ? type : [...type, 'null'],
    ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
  }
}
