import type { FieldDefinition, ObjectDefinition } from '../definition/object.ts'
import type { Json, JsonObject } from '../json.ts'
import { findFieldType } from './index.ts'
import { orNull } from './nullable.ts'

/**
 * JSON Schema of a record of the object. `input` is what callers may send (generated and computed fields are refused,
 * nothing is required yet: rules may still fill it); `whole` is the record as stored, required fields and all.
 */
export function recordSchema(object: ObjectDefinition, form: 'input' | 'whole'): JsonObject {
  const required = object.schema.required ?? []
  const properties: JsonObject = {}
  for (const [key, field] of Object.entries(object.schema.properties) as [string, FieldDefinition][]) {
    const type = findFieldType(field['x-field'])
    if (!type) continue
    const computed = object.computed !== undefined && Object.hasOwn(object.computed, key)
    const schema = type.validation(field)
    if (form === 'input') properties[key] = type.generated || computed ? false : orNull(schema)
    else properties[key] = required.includes(key) ? schema : orNull(schema)
  }
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(form === 'whole' ? { required: [...required] } : {}),
  }
}

/** Values in the one form in which they are kept (`FieldType.normalize`); keys that are no fields stay as they are. */
export function normalizeRecord(object: ObjectDefinition, values: JsonObject): JsonObject {
  const normal: JsonObject = {}
  for (const [key, value] of Object.entries(values)) {
    const field = Object.hasOwn(object.schema.properties, key)
      ? (object.schema.properties[key] as FieldDefinition)
      : undefined
    const type = field && findFieldType(field['x-field'])
    normal[key] = field && type?.normalize ? type.normalize(value, field) : (value as Json)
  }
  return normal
}
