import type { ErrorObject } from 'ajv'
import type { ErrorCode, ErrorDetail } from '../errors/create-error.ts'
import { fillText } from '../errors/diagnose.ts'
import * as errors from '../errors/fields.ts'
import { isJsonObject } from '../json.ts'
import type { Text } from '../text.ts'

/** What one error of ajv means: where, which code, and the values of its message. */
export interface Violation {
  /** JSON pointer into the value. */
  readonly path: string
  readonly error: ErrorCode
  readonly values: Readonly<Record<string, unknown>>
}

/** One token of a JSON pointer. */
export function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** What people call the formats. */
const formatWords: Readonly<Record<string, Text>> = {
  date: { en: 'date', zh: '日期' },
  'date-time': { en: 'date and time', zh: '日期时间' },
  email: { en: 'e-mail address', zh: '邮箱地址' },
  phone: { en: 'phone number', zh: '电话号码' },
  uri: { en: 'web address', zh: '网址' },
  uuid: { en: 'id', zh: '标识' },
}
/** What people call the types of JSON. */
const typeWords: Readonly<Record<string, Text>> = {
  array: { en: 'list', zh: '列表' },
  boolean: { en: 'true or false', zh: '布尔值' },
  integer: { en: 'whole number', zh: '整数' },
  object: { en: 'object', zh: '对象' },
  string: { en: 'text', zh: '文本' },
}

type Reading = Omit<Violation, 'path'> & { readonly below?: string }

/** How each keyword of JSON Schema is told to people. */
const readings: Readonly<Record<string, (error: ErrorObject) => Reading>> = {
  required: ({ params }) => ({
    error: errors.fieldRequired,
    values: { name: params.missingProperty },
    below: String(params.missingProperty),
  }),
  additionalProperties: ({ params }) => ({
    error: errors.fieldUnknown,
    values: { name: params.additionalProperty },
    below: String(params.additionalProperty),
  }),
  'false schema': () => ({ error: errors.fieldGenerated, values: {} }),
  type: ({ params }) => ({ error: errors.fieldType, values: { expected: typeWordsOf(params.type) } }),
  enum: ({ params }) => ({
    error: errors.fieldChoice,
    values: {
      choices: (params.allowedValues as unknown[])
        .filter((v) => v !== null)
        .slice(0, 50)
        .join(', '),
    },
  }),
  const: ({ params }) => ({
    error: errors.fieldChoice,
    values: { choices: JSON.stringify(params.allowedValue) },
  }),
  pattern: ({ params, parentSchema }) =>
    isJsonObject(parentSchema) && parentSchema.format === 'decimal'
      ? { error: errors.fieldDecimal, values: digitsOf(String(params.pattern)) }
      : { error: errors.fieldPattern, values: { pattern: params.pattern } },
  format: ({ params }) =>
    params.format === 'line' || params.format === 'block'
      ? { error: errors.fieldBadText, values: {} }
      : {
          error: errors.fieldFormat,
          values: { format: formatWords[String(params.format)] ?? params.format },
        },
  minLength: ({ params }) => ({ error: errors.fieldTooShort, values: { limit: params.limit } }),
  maxLength: ({ params }) => ({ error: errors.fieldTooLong, values: { limit: params.limit } }),
  minimum: ({ params }) => ({ error: errors.fieldTooSmall, values: { limit: params.limit } }),
  maximum: ({ params }) => ({ error: errors.fieldTooLarge, values: { limit: params.limit } }),
  formatMinimum: ({ params }) => ({ error: errors.fieldTooSmall, values: { limit: params.limit } }),
  formatMaximum: ({ params }) => ({ error: errors.fieldTooLarge, values: { limit: params.limit } }),
  formatExclusiveMinimum: () => ({ error: errors.fieldPeriodOrder, values: {} }),
  minItems: ({ params }) => ({ error: errors.fieldTooFew, values: { limit: params.limit } }),
  maxItems: ({ params }) => ({ error: errors.fieldTooMany, values: { limit: params.limit } }),
  minProperties: ({ params }) => ({ error: errors.fieldTooFew, values: { limit: params.limit } }),
  maxProperties: ({ params }) => ({ error: errors.fieldTooMany, values: { limit: params.limit } }),
  uniqueItems: () => ({ error: errors.fieldRepeated, values: {} }),
  propertyNames: ({ params }) => ({
    error: errors.fieldUnknown,
    values: { name: params.propertyName },
    below: String(params.propertyName),
  }),
}

function typeWordsOf(types: unknown): Text {
  const names = (Array.isArray(types) ? types : [types]).filter((name) => name !== 'null').map(String)
  return {
    en: names.map((name) => typeWords[name]?.en ?? name).join(', '),
    zh: names.map((name) => typeWords[name]?.zh ?? name).join('、'),
  }
}

function digitsOf(pattern: string): { digits: number; scale: number } {
  const whole = /\{0,(\d+)\}/.exec(pattern)?.[1]
  const scale = /\{1,(\d+)\}/.exec(pattern)?.[1]
  return { digits: Number(whole ?? 0) + 1, scale: Number(scale ?? 0) }
}

/** Reads ajv's errors; the same mistake told by several keywords of one place is told once. */
export function readViolations(found: readonly ErrorObject[]): Violation[] {
  const violations: Violation[] = []
  const told = new Set<string>()
  for (const error of found) {
    // The name itself is reported by `propertyNames`; the keyword that refused it would point at the object.
    if (error.propertyName !== undefined && error.keyword !== 'propertyNames') continue
    // A decimal that is no decimal at all breaks both its format and its pattern: the pattern says more.
    if (error.keyword === 'format' && error.params.format === 'decimal') continue
    const { below, ...reading } = readings[error.keyword]?.(error) ?? {
      error: errors.fieldInvalid,
      values: {},
    }
    const path = below === undefined ? error.instancePath : `${error.instancePath}/${pointerToken(below)}`
    const mark = `${path} ${reading.error.code}`
    if (told.has(mark)) continue
    told.add(mark)
    violations.push({ path, ...reading })
  }
  return violations
}

/** The same as details of a refusal, in every language. Values of the record never appear in them. */
export function describeValidation(found: readonly ErrorObject[]): ErrorDetail[] {
  return readViolations(found).map(({ path, error, values }) => ({
    path,
    code: error.code,
    message: fillText(error.message, values),
  }))
}
