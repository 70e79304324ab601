import type { CommandOffer } from '../../../src/api/flows.ts'
import { lacksFile } from '../../../src/fields/file/on-its-way.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/json.ts'

/** What a property of a command is given with. */
export type Control =
  | { readonly type: 'words' | 'text' | 'signature' | 'attachments' | 'switch' }
  /** `others`: not whoever says it. */
  | { readonly type: 'person' | 'people'; readonly others: boolean }
  | { readonly type: 'number'; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  | { readonly type: 'offered'; readonly many: boolean }

export interface CommandField {
  readonly key: string
  readonly control: Control
  readonly required: boolean
  /** What it begins with. */
  readonly start: Json | undefined
}

/** The inputs of a command's form, in the order of its payload. Null: it asks for something that no input here gives. */
export function fieldsOfCommand(offer: CommandOffer): readonly CommandField[] | null {
  const properties = isJsonObject(offer.payload.properties) ? offer.payload.properties : {}
  const required = Array.isArray(offer.payload.required) ? offer.payload.required : []
  const fields: CommandField[] = []
  for (const [key, given] of Object.entries(properties)) {
    const schema = withoutNull(given)
    const control = schema && controlOf(key, schema, offer)
    if (control) {
      const choice = control.type === 'choice' ? control.values[0] : undefined
      const start = schema.default ?? (required.includes(key) ? choice : undefined)
      fields.push({ key, control, required: required.includes(key), start })
    } else if (required.includes(key)) return null
  }
  return fields
}

/** Of a value that may also be null, what it is otherwise. */
function withoutNull(given: Json | undefined): JsonObject | null {
  if (!isJsonObject(given)) return null
  const kinds = Array.isArray(given.anyOf) ? given.anyOf.filter(isJsonObject) : []
  const rest = kinds.filter((kind) => kind.type !== 'null')
  return kinds.length > rest.length && rest.length === 1 ? { ...rest[0], ...hintsOf(given) } : given
}

function hintsOf(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name.startsWith('x-')))
}

function controlOf(key: string, schema: JsonObject, offer: CommandOffer): Control | null {
  const many = schema.type === 'array'
  if (offer.choices && Object.hasOwn(offer.choices, key)) return { type: 'offered', many }
  const items = isJsonObject(schema.items) ? schema.items : {}
  const pick = schema['x-pick'] ?? items['x-pick']
  if (pick === 'person' || pick === 'colleague')
    return { type: many ? 'people' : 'person', others: pick === 'colleague' }
  if (pick === 'words' || pick === 'signature' || pick === 'attachments') return { type: pick }
  if (typeof pick === 'string') return null
  const values = valuesOf(schema)
  if (values.length > 0) return { type: 'choice', values }
  if (schema.type === 'boolean') return { type: 'switch' }
  if (schema.type === 'integer')
    return { type: 'number', min: numberOf(schema.minimum), max: numberOf(schema.maximum) }
  if (schema.type === 'string') return { type: (numberOf(schema.maxLength) ?? 0) > 300 ? 'words' : 'text' }
  return null
}

function valuesOf(schema: JsonObject): string[] {
  const given = Array.isArray(schema.enum)
    ? schema.enum
    : Array.isArray(schema.anyOf)
      ? schema.anyOf.map((kind) => (isJsonObject(kind) ? kind.const : undefined))
      : []
  return given.filter((value): value is string => typeof value === 'string')
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Keys of what still has to be said. */
export function missingIn(fields: readonly CommandField[], values: JsonObject): string[] {
  return fields
    .filter(({ key, required }) => (required && isNothing(values[key])) || lacksFile(values[key]))
    .map(({ key }) => key)
}

/** What is sent: without what was left empty. */
export function payloadOf(fields: readonly CommandField[], values: JsonObject): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ key }) => {
      const value = values[key]
      return value === undefined || isNothing(value) ? [] : [[key, value]]
    }),
  )
}

/** What was entered, without signatures. */
export function unsigned(fields: readonly CommandField[], values: JsonObject): JsonObject {
  const signed = fields.filter(({ control }) => control.type === 'signature').map(({ key }) => key)
  return Object.fromEntries(Object.entries(values).filter(([key]) => !signed.includes(key)))
}

function isNothing(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  )
}
