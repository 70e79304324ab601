import Type, { type TProperties } from 'typebox'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { fieldLimits } from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import type { JsonObject } from '../json.ts'
import { compareDecimals } from '../logic/decimal.ts'
import type { RuleType } from '../logic/types.ts'
import { decimalPattern, isDecimal, padDecimal } from './decimal-text.ts'
import { defineFieldType, type FieldType } from './field-type.ts'
import { commonSettings, pick, wordsOf } from './shared.ts'

/** Digits that one exact number may have in all; the profile of rules bounds magnitudes by 10²⁰. */
const defaultPrecision = 20

const settings = {
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

/** What tells one numeric field type from another. */
interface NumericParts extends Pick<FieldType, 'name' | 'title' | 'icon'> {
  /** Places after the point where the field does not say `x-scale`. */
  readonly scale: number
  /** Settings beyond those that all have, or in place of them. */
  readonly settings: TProperties
  readonly base?: JsonObject
  /** What the input needs to know beside the places. */
  options?(field: FieldDefinition): JsonObject
  /** A stored value as people read it. */
  show(value: string, field: FieldDefinition, scale: number): string
}

/** A field of exact numbers: kept as text, in a `numeric(precision, scale)` column, with limits that are exact too. */
export function defineNumericType(parts: NumericParts): FieldType {
  const scaleOf = (field: FieldDefinition) =>
    typeof field['x-scale'] === 'number' ? field['x-scale'] : parts.scale
  const pad = (text: string, field: FieldDefinition) => padDecimal(text, scaleOf(field))
  const validation = (field: FieldDefinition): JsonObject => ({
    type: 'string',
    format: 'decimal',
    pattern: decimalPattern(precisionOf(field), scaleOf(field)),
    ...pick(field, 'formatMinimum', 'formatMaximum'),
  })
  return defineFieldType({
    name: parts.name,
    title: parts.title,
    icon: parts.icon,
    settings: Type.Object({ ...settings, ...parts.settings }),
    base: { type: 'string', format: 'decimal', 'x-scale': parts.scale, ...parts.base },
    check: (field) => checkLimits(field, scaleOf(field)),
    validation,
    normalize: (value, field) => (typeof value === 'string' ? pad(value, field) : value),
    column: (field) => ({ sql: `numeric(${precisionOf(field)},${scaleOf(field)})` }),
    toColumn: (value) => value,
    fromColumn: (value, field) => (value === null || value === undefined ? null : pad(String(value), field)),
    ruleType: (field) => numericRuleType(field, scaleOf(field)),
    filters: ['==', '!=', '<', '<=', '>', '>=', 'between', 'exists', 'empty'],
    sortable: true,
    measures: ['sum', 'avg', 'min', 'max'],
    face: (field, locale) => ({
      schema: { ...validation(field), ...wordsOf(field, locale) },
      uiSchema: {
        'ui:widget': parts.name,
        'ui:options': { scale: scaleOf(field), ...parts.options?.(field) },
      },
    }),
    format: (value, field) => (typeof value === 'string' ? parts.show(value, field, scaleOf(field)) : ''),
  })
}

function precisionOf(field: FieldDefinition): number {
  return typeof field['x-precision'] === 'number' ? field['x-precision'] : defaultPrecision
}

/** Between the field's limits, and where it has none between those of its column: they spare rules in SQL range checks. */
function numericRuleType(field: FieldDefinition, scale: number): RuleType {
  const whole = '9'.repeat(Math.max(precisionOf(field) - scale, 0)) || '0'
  const most = scale > 0 ? `${whole}.${'9'.repeat(scale)}` : whole
  const { formatMinimum: min, formatMaximum: max } = field
  return {
    t: 'dec',
    nullable: false,
    scale,
    min: typeof min === 'string' ? min : `-${most}`,
    max: typeof max === 'string' ? max : most,
  }
}

/** Limits in the wrong order, or with more places than the field keeps. */
function checkLimits(field: FieldDefinition, scale: number): Diagnostic[] {
  const low = typeof field.formatMinimum === 'string' ? field.formatMinimum : undefined
  const high = typeof field.formatMaximum === 'string' ? field.formatMaximum : undefined
  const found: Diagnostic[] = []
  const ordered = low !== undefined && high !== undefined && isDecimal(low) && isDecimal(high)
  if (ordered && compareDecimals(low, high) > 0) {
    found.push(diagnose(fieldLimits, '/formatMinimum', { low, high }))
  }
  const fits = new RegExp(decimalPattern(precisionOf(field), scale))
  for (const [name, value] of Object.entries({ formatMinimum: low, formatMaximum: high })) {
    if (value !== undefined && !fits.test(value)) {
      found.push(diagnose(fieldLimits, `/${name}`, { low: low ?? '', high: high ?? '' }))
    }
  }
  return found
}
