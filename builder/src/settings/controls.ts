import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Text } from '@channelwright/runtime/text.ts'

/** One setting of a definition, as a form asks for it. */
export interface Setting {
  readonly key: string
  readonly title: Text
  readonly help: Text | null
  readonly required: boolean
  /** What holds while nothing is said. */
  readonly usual: Json | undefined
  readonly control: Control
}

export type Control =
  | { readonly type: 'choice'; readonly choices: readonly Choice[] }
  /** A word that may be the name of something: where names are known they are offered. */
  | { readonly type: 'name' }
  | { readonly type: 'names'; readonly most: number | undefined }
  | { readonly type: 'people'; readonly most: number | undefined }
  | { readonly type: 'number'; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly type: 'switch' }
  /** A rule, as a formula. */
  | { readonly type: 'rule' }
  /** Rules by the field that they are about. */
  | { readonly type: 'rules' }
  | { readonly type: 'group'; readonly settings: readonly Setting[]; readonly begin: Json }
  | { readonly type: 'list'; readonly ways: readonly Way[]; readonly most: number | undefined }
  /** One of several shapes. */
  | { readonly type: 'either'; readonly ways: readonly Way[] }
  /** Written in the text alone. */
  | { readonly type: 'text' }

export interface Choice {
  readonly value: string
  readonly title: Text
}

/** Made when an entry is. */
export const identity = 'x-id'

/** One of the shapes that a value may have. */
export interface Way {
  readonly id: string
  readonly title: Text
  /** What it begins with. */
  readonly begin: Json
  /** What there is to say of it; null: nothing. */
  readonly control: Control | null
  holds(value: Json): boolean
}

/**
 * The settings that a schema of an object names, in its order. What is always the same is not asked for, and what
 * nobody chooses: permanent identities.
 */
export function settingsOf(schema: JsonObject): Setting[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).flatMap(
    ([key, property]) =>
      isJsonObject(property) && property.const === undefined && key !== identity
        ? [
            {
              key,
              title: titleOf(property, key),
              help: helpOf(property),
              required: required.includes(key),
              usual: property.default,
              control: controlOf(property),
            },
          ]
        : [],
  )
}

function controlOf(schema: JsonObject): Control {
  if (schema.$comment === 'rule') return { type: 'rule' }
  const parts = partsOf(schema)
  if (parts.length > 0) return { type: 'either', ways: parts.map(wayOf) }
  if (Array.isArray(schema.enum)) {
    const words = isJsonObject(schema['x-words']) ? schema['x-words'] : {}
    const named = schema.enum.filter((one): one is string => typeof one === 'string')
    return { type: 'choice', choices: named.map((value) => ({ value, title: textOf(words[value], value) })) }
  }
  switch (schema.type) {
    case 'boolean':
      return { type: 'switch' }
    case 'integer':
      return { type: 'number', min: numberOf(schema.minimum), max: numberOf(schema.maximum) }
    case 'string':
      return { type: 'name' }
    case 'array':
      return controlOfList(schema)
    case 'object':
      if (isJsonObject(schema.patternProperties)) return { type: 'rules' }
      return { type: 'group', settings: settingsOf(schema), begin: beginOf(schema) }
    default:
      return { type: 'text' }
  }
}

function controlOfList(schema: JsonObject): Control {
  const most = numberOf(schema.maxItems)
  const items = isJsonObject(schema.items) ? schema.items : {}
  if (schema['x-pick'] === 'person') return { type: 'people', most }
  const parts = partsOf(items)
  if (parts.length > 0) return { type: 'list', ways: parts.map(wayOf), most }
  if (items.type === 'object') return { type: 'list', ways: [wayOf(items, 0)], most }
  return items.type === 'string' ? { type: 'names', most } : { type: 'text' }
}

const partsOf = (schema: JsonObject) => (Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJsonObject) : [])

function wayOf(schema: JsonObject, at: number): Way {
  if (schema.const !== undefined) {
    const value = schema.const
    return {
      id: String(value),
      title: titleOf(schema, String(value)),
      begin: value,
      control: null,
      holds: (given) => given === value,
    }
  }
  const own = settingsOf(schema)
  const fixed = Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).flatMap(
    ([key, property]) =>
      isJsonObject(property) && property.const !== undefined ? [[key, property.const] as const] : [],
  )
  return {
    id: fixed.length > 0 ? fixed.map(([, value]) => value).join(' ') : `${at}`,
    title: titleOf(schema, `${at + 1}`),
    begin: beginOf(schema),
    control: schema.type === 'object' && own.length === 0 ? null : controlOf(schema),
    holds: (given) =>
      schema.type === 'array'
        ? Array.isArray(given)
        : isJsonObject(given) && fixed.every(([key, value]) => given[key] === value),
  }
}

/** The least that fits a schema, what is usual first. */
function beginOf(schema: JsonObject): Json {
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  const [part] = partsOf(schema)
  if (part) return beginOf(part)
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null
  switch (schema.type) {
    case 'boolean':
      return false
    case 'integer':
      return numberOf(schema.minimum) ?? 0
    case 'array': {
      // People and names are for whoever fills it in: nothing is the begin of none of them.
      const items = isJsonObject(schema.items) ? schema.items : {}
      return partsOf(items).length > 0 && (numberOf(schema.minItems) ?? 0) > 0 ? [beginOf(items)] : []
    }
    case 'object': {
      const required = Array.isArray(schema.required) ? schema.required : []
      const properties = isJsonObject(schema.properties) ? schema.properties : {}
      return Object.fromEntries(
        Object.entries(properties).flatMap(([key, property]) =>
          required.includes(key) && isJsonObject(property) ? [[key, beginOf(property)]] : [],
        ),
      )
    }
    default:
      return ''
  }
}

function titleOf(schema: JsonObject, other: string): Text {
  const en = typeof schema.title === 'string' ? schema.title : other
  const zh = isJsonObject(schema['x-title']) ? schema['x-title'].zh : undefined
  return { en, zh: typeof zh === 'string' ? zh : en }
}

function helpOf(schema: JsonObject): Text | null {
  const zh = isJsonObject(schema['x-description']) ? schema['x-description'].zh : undefined
  // What is said in one language only is for whoever writes the text.
  return typeof schema.description === 'string' && typeof zh === 'string'
    ? { en: schema.description, zh }
    : null
}

function textOf(value: Json | undefined, other: string): Text {
  return isJsonObject(value) && typeof value.en === 'string' && typeof value.zh === 'string'
    ? { en: value.en, zh: value.zh }
    : { en: other, zh: other }
}

const numberOf = (value: Json | undefined) => (typeof value === 'number' ? value : undefined)

/** The setting at a path of a definition; null where its kind, as far as it is written, has none. */
export function settingAt(schemas: readonly JsonObject[], key: string): Setting | null {
  return schemas.flatMap(settingsOf).find((one) => one.key === key) ?? null
}
