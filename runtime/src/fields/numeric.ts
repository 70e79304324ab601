import Type from 'typebox'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { fieldLimits } from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import type { Json, JsonObject } from '../json.ts'
import type { RuleType } from '../logic/types.ts'
import { compareDecimals, decimalPattern, padDecimal } from './decimal.ts'
import type { ColumnType, FilterOperator } from './field-type.ts'
import { commonSettings, pick } from './shared.ts'

/** What decimal, money and percent share: exact texts, `numeric(precision, scale)` columns, typed limits. */

/** Digits that one exact number may have in all; the profile of rules bounds magnitudes by 10²⁰. */
const defaultPrecision = 20

export const numericSettings = {
  ...commonSettings,
  type: Type.Literal('string'),
  format: Type.Literal('decimal'),
  'x-scale': Type.Optional(Type.Integer({ minimum: 0, maximum: 10, description: 'Places after the point.' })),
  formatMinimum: Type.Optional(
    Type.String({ format: 'decimal', description: 'Least value, as exact text.' }),
  ),
  formatMaximum: Type.Optional(
    Type.String({ format: 'decimal', description: 'Greatest value, as exact text.' }),
  ),
  default: Type.Optional(Type.String({ format: 'decimal' })),
}

export const numericFilters: readonly FilterOperator[] = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'exists',
  'empty',
]

export function scaleOf(field: FieldDefinition, fallback: number): number {
  return typeof field['x-scale'] === 'number' ? field['x-scale'] : fallback
}

export function precisionOf(field: FieldDefinition): number {
  return typeof field['x-precision'] === 'number' ? field['x-precision'] : defaultPrecision
}

export function numericValidation(field: FieldDefinition, fallbackScale: number): JsonObject {
  return {
    type: 'string',
    format: 'decimal',
    pattern: decimalPattern(precisionOf(field), scaleOf(field, fallbackScale)),
    ...pick(field, 'formatMinimum', 'formatMaximum'),
  }
}

export function numericColumn(field: FieldDefinition, fallbackScale: number): ColumnType {
  return { sql: `numeric(${precisionOf(field)},${scaleOf(field, fallbackScale)})` }
}

export function numericFromColumn(value: unknown, field: FieldDefinition, fallbackScale: number): Json {
  return value === null || value === undefined
    ? null
    : padDecimal(String(value), scaleOf(field, fallbackScale))
}

export function numericNormalize(value: Json, field: FieldDefinition, fallbackScale: number): Json {
  return typeof value === 'string' ? padDecimal(value, scaleOf(field, fallbackScale)) : value
}

export function numericRuleType(field: FieldDefinition, fallbackScale: number): RuleType {
  return {
    t: 'dec',
    nullable: false,
    scale: scaleOf(field, fallbackScale),
    ...(typeof field.formatMinimum === 'string' ? { min: field.formatMinimum } : {}),
    ...(typeof field.formatMaximum === 'string' ? { max: field.formatMaximum } : {}),
  }
}

/** Limits in the wrong order, or with more places than the field keeps. */
export function checkNumeric(field: FieldDefinition, fallbackScale: number): Diagnostic[] {
  const low = typeof field.formatMinimum === 'string' ? field.formatMinimum : undefined
  const high = typeof field.formatMaximum === 'string' ? field.formatMaximum : undefined
  const found: Diagnostic[] = []
  if (low !== undefined && high !== undefined && (compareDecimals(low, high) ?? 0) > 0) {
    found.push(diagnose(fieldLimits, '/formatMinimum', { low, high }))
  }
  const fits = new RegExp(decimalPattern(precisionOf(field), scaleOf(field, fallbackScale)))
  for (const [name, value] of Object.entries({ formatMinimum: low, formatMaximum: high })) {
    if (value !== undefined && !fits.test(value)) {
      found.push(diagnose(fieldLimits, `/${name}`, { low: low ?? '', high: high ?? '' }))
    }
  }
  return found
}
