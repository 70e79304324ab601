import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { Text } from '../../text.ts'
import type { TitleOf } from './fields.ts'

/** Titles of a JSON Schema's properties: `title`, and `x-title` for the other language. */
export function schemaTitles(schema: Json): TitleOf {
  return (path) => {
    let at: JsonObject | undefined = isJsonObject(schema) ? schema : undefined
    for (const step of path.split('.')) at = propertyOf(at, step)
    return at && titleOf(at)
  }
}

function propertyOf(schema: JsonObject | undefined, key: string): JsonObject | undefined {
  if (!schema) return undefined
  const holder = isJsonObject(schema.items)
    ? schema.items
    : isJsonObject(schema['x-lines'])
      ? schema['x-lines']
      : schema
  const { properties } = holder
  const found = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
  return isJsonObject(found) ? found : undefined
}

function titleOf({ title, ...schema }: JsonObject): Text | undefined {
  if (typeof title !== 'string') return undefined
  const other = isJsonObject(schema['x-title']) ? schema['x-title'] : {}
  return {
    en: typeof other.en === 'string' ? other.en : title,
    zh: typeof other.zh === 'string' ? other.zh : title,
  }
}
