import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { RuleDefinition } from '@channelwright/runtime/definition/rule.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'

/** Inputs of a named rule as an object that a form can ask for; what no field holds is written as JSON. */
export function inputsAsObject(rule: RuleDefinition): {
  object: ObjectDefinition
  json: ReadonlySet<string>
} {
  const json = new Set<string>()
  const properties = Object.fromEntries(
    Object.entries(rule.inputs.properties).map(([key, schema]) => {
      const field = asField(key, schema as JsonObject)
      if (field['x-field'] === 'long_text' && (schema as JsonObject)['x-field'] !== 'long_text') json.add(key)
      return [key, field]
    }),
  )
  const object: ObjectDefinition = {
    kind: 'object/1',
    key: 'inputs',
    'x-id': 'inputs',
    title: rule.title,
    display: Object.keys(properties)[0] ?? 'id',
    schema: { type: 'object', additionalProperties: false, properties },
  }
  return { object, json }
}

function asField(key: string, schema: JsonObject): FieldDefinition {
  const title = typeof schema.title === 'string' ? schema.title : key
  const words = isJsonObject(schema['x-title']) ? schema['x-title'].zh : undefined
  const head = {
    'x-id': `input_${key}`,
    title,
    'x-title': { zh: typeof words === 'string' ? words : title },
  }
  if (typeof schema['x-field'] === 'string') return { ...schema, ...head } as unknown as FieldDefinition
  const choices = Array.isArray(schema.enum) ? schema.enum.filter((one) => typeof one === 'string') : []
  const rest: JsonObject =
    choices.length > 0
      ? {
          type: 'string',
          'x-field': 'choice',
          oneOf: choices.map((one) => ({ const: one, title: one, 'x-title': { zh: one } })),
        }
      : plainField(schema)
  return { ...rest, ...head } as FieldDefinition
}

function plainField(schema: JsonObject): JsonObject {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  if (type === 'boolean') return { type, 'x-field': 'boolean' }
  if (type === 'integer') return { type, 'x-field': 'integer' }
  if (type === 'number' || schema.format === 'decimal')
    return { type: 'string', format: 'decimal', 'x-field': 'decimal', 'x-scale': schema['x-scale'] ?? 4 }
  if (type !== 'string') return { type: 'string', 'x-field': 'long_text' }
  if (schema.format === 'date') return { type, format: 'date', 'x-field': 'date' }
  if (schema.format === 'date-time') return { type, format: 'date-time', 'x-field': 'datetime' }
  return { type, 'x-field': 'text' }
}

/** What was entered, as the rule reads it: nothing is missing, what was written as JSON is read. */
export function readInputs(
  object: ObjectDefinition,
  json: ReadonlySet<string>,
  values: JsonObject,
): JsonObject {
  return Object.fromEntries(
    Object.keys(object.schema.properties).map((key) => [key, readInput(values[key], json.has(key))]),
  )
}

function readInput(value: Json | undefined, asJson: boolean): Json {
  if (value === undefined || value === '') return null
  if (!asJson || typeof value !== 'string') return value
  try {
    return JSON.parse(value) as Json
  } catch {
    return value
  }
}
