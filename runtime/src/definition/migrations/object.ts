import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { Migration } from '../kind.ts'

/**
 * `object/0`, as the first drafts of packs wrote it, listed its fields instead of holding a JSON Schema:
 *
 *     { "kind": "object/0", "key": "brand", "x-id": "o_brand", "title": {…}, "display": "name",
 *       "fields": [ { "key": "name", "x-id": "f_name", "type": "text", "title": {"en": "Name", "zh": "名称"},
 *                     "required": true, "choices": [{ "value": "a", "title": {…} }], "settings": {…} } ] }
 *
 * `settings` are JSON Schema keywords and `x-` settings as `object/1` has them.
 */
const toJsonSchema: Migration = {
  to: 1,
  describe: {
    en: 'Fields become the properties of one JSON Schema.',
    zh: '字段列表改为一个 JSON Schema 的属性。',
  },
  migrate({ fields, ...rest }) {
    const properties: JsonObject = {}
    const required: string[] = []
    for (const field of Array.isArray(fields) ? fields : []) {
      if (!isJsonObject(field) || typeof field.key !== 'string') continue
      properties[field.key] = propertyOf(field)
      if (field.required === true) required.push(field.key)
    }
    const schema: JsonObject = { type: 'object', additionalProperties: false, properties }
    if (required.length > 0) schema.required = required
    return { ...rest, schema }
  },
}

/** JSON types that the field types of that time stood for; all others were strings. */
const jsonTypes: Readonly<Record<string, JsonObject>> = {
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  decimal: { type: 'string', format: 'decimal' },
  integer: { type: 'integer' },
  money: { type: 'string', format: 'decimal' },
  period: { type: 'object' },
  reference: { type: 'string', format: 'uuid' },
}

function propertyOf(field: JsonObject): Json {
  const type = typeof field.type === 'string' ? field.type : 'text'
  const title = isJsonObject(field.title) ? field.title : {}
  const choices = Array.isArray(field.choices) ? field.choices.filter(isJsonObject) : []
  return {
    ...(jsonTypes[type] ?? { type: 'string' }),
    'x-field': type,
    'x-id': field['x-id'] ?? null,
    title: title.en ?? null,
    'x-title': { zh: title.zh ?? null },
    ...(isJsonObject(field.settings) ? field.settings : {}),
    ...(choices.length > 0 ? { oneOf: choices.map(choiceOf) } : {}),
  }
}

function choiceOf({ value, title }: JsonObject): Json {
  const words = isJsonObject(title) ? title : {}
  return { const: value ?? null, title: words.en ?? null, 'x-title': { zh: words.zh ?? null } }
}

export const objectMigrations: readonly Migration[] = [toJsonSchema]
