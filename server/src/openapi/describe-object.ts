import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { recordSchema } from '@channelwright/runtime/fields/record-schema.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { rightsOn } from '../records/object-rights.ts'
import { RecordShape } from '../routes/record-shapes.ts'
import type { Actor, ServedRelease } from '../services.ts'
import { cleanSchema } from './clean-schema.ts'

/**
 * Schemas of one object as this person meets it: `Registration` as it is read, `RegistrationCreate` and
 * `RegistrationUpdate` as it is written; only with the fields that their grants name.
 */
export function describeObject(
  served: ServedRelease,
  actor: Pick<Actor, 'roles'>,
  key: string,
  locale: Locale,
): JsonObject {
  const object = served.release.objects.get(key)!
  const rights = rightsOn(served, actor, key)
  const name = pascalCase(key)
  const titles = new Map(
    Object.entries(object.schema.properties as Record<string, FieldDefinition>).map(
      ([field, { title, ...rest }]) => [field, locale === 'zh' ? rest['x-title'].zh : title],
    ),
  )
  const take = (form: 'input' | 'whole', fields: ReadonlySet<string>): JsonObject => {
    const { properties, required } = cleanSchema(recordSchema(object, form)) as {
      properties: JsonObject
      required?: string[]
    }
    const kept = Object.entries(properties).filter(([field]) => fields.has(field))
    return {
      properties: Object.fromEntries(
        kept.map(([field, schema]) => [
          field,
          isJsonObject(schema) ? { title: titles.get(field) ?? field, ...schema } : schema,
        ]),
      ),
      required: (required ?? []).filter((field) => fields.has(field)),
    }
  }
  const whole = take('whole', rights.read ?? new Set())
  const platform = cleanSchema(JSON.parse(JSON.stringify(RecordShape))) as {
    properties: JsonObject
    required: string[]
  }
  const title = object.title[locale]
  const schemas: JsonObject = {
    [name]: {
      type: 'object',
      title,
      properties: { ...platform.properties, ...(whole.properties as JsonObject) },
      // Lists may be asked for fewer fields, so only the platform's own columns always come.
      required: platform.required,
    },
  }
  for (const [suffix, fields] of [
    ['Create', rights.create],
    ['Update', rights.update],
  ] as const)
    if (fields)
      schemas[name + suffix] = {
        type: 'object',
        title,
        additionalProperties: false,
        properties: take('input', fields).properties!,
      }
  return schemas
}

/** `product_line` → `ProductLine` */
export function pascalCase(key: string): string {
  return key
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}
