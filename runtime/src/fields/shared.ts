import Type from 'typebox'
import type { FieldDefinition } from '../definition/object.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { RuleType } from '../logic/types.ts'
import type { Locale } from '../text.ts'

/** What several field types have in common. */

/** The field's title in the reader's language. */
export function titleOf(field: FieldDefinition, locale: Locale): string {
  return locale === 'zh' ? field['x-title'].zh : field.title
}

/** Title and description for rjsf. */
export function wordsOf(field: FieldDefinition, locale: Locale): JsonObject {
  const described = locale === 'zh' ? (field['x-description']?.zh ?? field.description) : field.description
  return { title: titleOf(field, locale), ...(described ? { description: described } : {}) }
}

/** Those of `names` that the field carries; for passing JSON Schema keywords on. */
export function pick(field: FieldDefinition, ...names: string[]): JsonObject {
  const picked: JsonObject = {}
  for (const name of names) {
    const value = field[name]
    if (value !== undefined) picked[name] = value as Json
  }
  return picked
}

export interface Choice {
  readonly const: string
  readonly title: string
  readonly 'x-title': { readonly zh: string }
  /** Still shown on old records, no longer offered. */
  readonly 'x-retired'?: boolean
}

/** The choices of a choice field, or of the items of a multi-choice. */
export function choicesOf(field: FieldDefinition): readonly Choice[] {
  const holder = field['x-field'] === 'multi_choice' && isJsonObject(field.items) ? field.items : field
  return Array.isArray(holder.oneOf) ? (holder.oneOf as unknown as Choice[]) : []
}

export function choiceTitle(field: FieldDefinition, value: string, locale: Locale): string {
  const choice = choicesOf(field).find((c) => c.const === value)
  if (!choice) return value
  return locale === 'zh' ? choice['x-title'].zh : choice.title
}

export const ChoicesSchema = Type.Array(
  Type.Object(
    {
      const: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$', description: 'What is stored.' }),
      title: Type.String({ minLength: 1, maxLength: 200, description: 'What is shown, in English.' }),
      'x-title': Type.Object(
        { zh: Type.String({ minLength: 1, maxLength: 200 }) },
        { additionalProperties: false },
      ),
      'x-retired': Type.Optional(
        Type.Boolean({ description: 'Kept for old records, no longer offered to new ones.' }),
      ),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 1000, description: 'The choices, in the order they are shown.' },
)

/** Settings that any field type may carry. */
export const commonSettings = {
  readOnly: Type.Optional(
    Type.Boolean({ description: 'Never entered by people: set by rules, flows or the platform.' }),
  ),
}

/** What people read where a field has no value. */
export const nothing = ''

export function asText(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
}

/** How any text is kept. In NFC, so that the same word typed on two keyboards is the same text, in SQL too. */
export const storedText = {
  normalize: (value: Json): Json => (typeof value === 'string' ? value.normalize('NFC') : value),
  toColumn: (value: Json): unknown => value,
  fromColumn: (value: unknown): Json => (value === null || value === undefined ? null : String(value)),
  ruleType: (): RuleType => ({ t: 'str', nullable: false }),
}

/** A calendar day as readers of the language write it. */
export function formatDate(text: string, locale: Locale): string {
  const [year, month, day] = text.slice(0, 10).split('-')
  if (!year || !month || !day) return text
  return locale === 'zh'
    ? `${year}年${Number(month)}月${Number(day)}日`
    : `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}`
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A `date` column as pg hands it over: text, or a Date at local midnight when no parser is set. */
export function dateFromColumn(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) {
    const pad = (n: number, width: number) => String(n).padStart(width, '0')
    return `${pad(value.getFullYear(), 4)}-${pad(value.getMonth() + 1, 2)}-${pad(value.getDate(), 2)}`
  }
  return String(value).slice(0, 10)
}
