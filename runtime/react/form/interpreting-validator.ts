import { format as knownFormats, type Schema, Validator } from '@cfworker/json-schema'
import type { ErrorObject } from 'ajv'
import { formats } from '../../src/fields/formats.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import type { CheckValue } from './validator-type.ts'

/** Limits on strings that compare by their format, which plain JSON Schema does not know. */
const limits: Readonly<Record<string, (order: number) => boolean>> = {
  formatMinimum: (order) => order >= 0,
  formatMaximum: (order) => order <= 0,
  formatExclusiveMinimum: (order) => order > 0,
  formatExclusiveMaximum: (order) => order < 0,
}

/**
 * Interprets a schema instead of compiling it: for the designer's preview, whose forms change with every edit and
 * whose page runs without `unsafe-eval`. Says the same as the served validator, slower.
 */
export function createInterpretingCheck(schema: JsonObject): CheckValue {
  for (const [name, format] of Object.entries(formats)) knownFormats[name] = format.validate
  const validator = new Validator(schema as Schema, '2020-12', false)
  return (value) => {
    const found = validator.validate(value).errors.flatMap((error): ErrorObject[] => {
      const holder = read(schema, error.keywordLocation.split('/').slice(1, -1))
      // A schema that is `false`: a field that takes no input, or the echo of `additionalProperties`.
      if (error.keyword === 'false') {
        if (!isDeclared(schema, error.instanceLocation)) return []
        return [
          toAjv('false schema', error.instanceLocation.slice(1), error.keywordLocation, error.error, {}),
        ]
      }
      if (!isJsonObject(holder) || isContainer(error.keyword)) return []
      return [
        toAjv(error.keyword, error.instanceLocation.slice(1), error.keywordLocation, error.error, holder),
      ]
    })
    return [...found, ...findBrokenLimits(schema, value, '')]
  }
}

/** Whether the schema's own properties name the field that a pointer leads to. */
function isDeclared(schema: JsonObject, instanceLocation: string): boolean {
  const [, key = ''] = instanceLocation.split('/')
  return isJsonObject(schema.properties) && Object.hasOwn(schema.properties, key)
}

/** Keywords that only report that something inside them failed. */
const isContainer = (keyword: string) =>
  ['properties', 'items', 'prefixItems', 'anyOf', 'allOf', '$ref'].includes(keyword)

function toAjv(
  keyword: string,
  instancePath: string,
  schemaPath: string,
  text: string,
  holder: JsonObject,
): ErrorObject {
  const limit = holder[keyword]
  const named = /"([^"]*)"/.exec(text)?.[1]
  const params: Readonly<Record<string, unknown>> =
    keyword === 'required'
      ? { missingProperty: named }
      : keyword === 'additionalProperties'
        ? { additionalProperty: named }
        : keyword === 'type'
          ? { type: limit }
          : keyword === 'enum'
            ? { allowedValues: limit }
            : keyword === 'const'
              ? { allowedValue: limit }
              : keyword === 'pattern'
                ? { pattern: limit }
                : keyword === 'format'
                  ? { format: limit }
                  : { limit }
  return { keyword, instancePath, schemaPath, params, parentSchema: holder }
}

function findBrokenLimits(schema: Json, value: Json, path: string): ErrorObject[] {
  if (!isJsonObject(schema)) return []
  const found: ErrorObject[] = []
  if (typeof value === 'string' && typeof schema.format === 'string') {
    const compare = formats[schema.format]?.compare
    for (const [keyword, holds] of Object.entries(limits)) {
      const limit = schema[keyword]
      if (typeof limit !== 'string' || !compare) continue
      const order = compare(value, limit)
      if (order !== undefined && !holds(order)) {
        found.push({ keyword, instancePath: path, schemaPath: '', params: { limit }, parentSchema: schema })
      }
    }
  }
  if (isJsonObject(value) && isJsonObject(schema.properties)) {
    for (const [key, inner] of Object.entries(schema.properties)) {
      if (Object.hasOwn(value, key)) found.push(...findBrokenLimits(inner, value[key]!, `${path}/${key}`))
    }
  }
  if (Array.isArray(value) && isJsonObject(schema.items)) {
    value.forEach((one, i) => {
      found.push(...findBrokenLimits(schema.items!, one, `${path}/${i}`))
    })
  }
  return found
}

function read(schema: Json, tokens: readonly string[]): Json | undefined {
  let at: Json | undefined = schema
  for (const raw of tokens) {
    const token = decodeURIComponent(raw).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) at = at[Number(token)]
    else if (isJsonObject(at)) at = at[token]
    else return undefined
  }
  return at
}
