import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { findFieldType } from '@channelwright/runtime/fields/index.ts'
import { choicesOf } from '@channelwright/runtime/fields/shared.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'

/** Made-up values of fields, from the JSON Schema that their values must meet: the same for the same place. */
export function sampleRecord(object: ObjectDefinition, at: number, today: string): JsonObject {
  return Object.fromEntries(
    Object.entries(object.schema.properties).map(([key, field]) => [key, sampleValue(field, at, today)]),
  )
}

/** `at` counts the record, from 0; dates lie around `today` (ISO). */
export function sampleValue(field: FieldDefinition, at: number, today: string): Json {
  const type = findFieldType(field['x-field'])
  if (!type) return null
  const choices = choicesOf(field).filter((choice) => !choice['x-retired'])
  if (choices.length > 0) {
    const choice = choices[at % choices.length]!.const
    return type.name === 'multi_choice' ? [choice] : choice
  }
  if (type.name === 'reference') return sampleId(String(field['x-object']), at)
  if (type.name === 'user') return sampleId('user', at)
  if (type.name === 'file' || type.name === 'image') return null
  if (type.name === 'percent') return `0.${String(5 + 5 * (at % 10)).padStart(2, '0')}`
  return fromSchema(
    { 'x-scale': field['x-scale'] as Json, ...type.validation(field) },
    field.title,
    at,
    today,
  )
}

/** Stands for a record that is not there; `isSample` knows it. */
export function sampleId(object: string, at: number): string {
  return `sample:${object}:${at + 1}`
}

export function isSample(id: string): boolean {
  return id.startsWith('sample:')
}

function fromSchema(schema: Json, name: string, at: number, today: string): Json {
  if (!isJsonObject(schema)) return null
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray)
  if (alternatives) return fromSchema(alternatives[0] ?? null, name, at, today)
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[at % schema.enum.length] ?? null
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'boolean':
      return at % 2 === 0
    case 'integer':
    case 'number':
      return Math.max(Number(schema.minimum ?? 0), Math.min(Number(schema.maximum ?? 1e6), 10 * (at + 1)))
    case 'array':
      return [fromSchema(schema.items ?? null, name, at, today)]
    case 'object': {
      const properties = isJsonObject(schema.properties) ? schema.properties : {}
      const keys = Object.keys(properties).filter((key) => key !== '_id')
      // A period runs from one day to a later one.
      return Object.fromEntries(
        keys.map((key, i) => [key, fromSchema(properties[key] ?? null, name, at + 3 * i, today)]),
      )
    }
    case 'string':
      return sampleText(schema, name, at, today)
    default:
      return null
  }
}

function sampleText(schema: JsonObject, name: string, at: number, today: string): string {
  const day = addDays(today, 30 * at)
  switch (schema.format) {
    case 'decimal': {
      const scale = Number(schema['x-scale'] ?? 2)
      const whole = String(12_000 * (at + 1))
      return scale > 0 ? `${whole}.${'0'.repeat(scale)}` : whole
    }
    case 'date':
      return day
    case 'date-time':
      return `${day}T09:30:00Z`
    case 'email':
      return `person${at + 1}@example.com`
    case 'uri':
    case 'http-url':
      return `https://example.com/${at + 1}`
    default:
      return String(schema.format).includes('phone')
        ? `+86 138 0000 00${String(at + 1).padStart(2, '0')}`
        : `${name} ${at + 1}`.slice(0, Number(schema.maxLength ?? 200))
  }
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
