import Type from 'typebox'
import type { Text } from '../text.ts'

/** `snake_case`, letter first; becomes part of table, column and role names. */
export const Key = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,39}$',
  description: 'snake_case, at most 40 characters, letter first.',
})
/** Permanent identity of a definition or of an element in it; never changes when keys and titles do. */
export const XId = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$',
  description: 'Permanent identity: stays when key and title change.',
})
/** Position among siblings, as a fractional index ("a0", "a1", "a0V"); parallel edits merge. */
export const OrderKey = Type.String({
  pattern: '^[A-Za-z0-9]{1,32}$',
  description: 'Position among siblings; texts in order: a0, a0V, a1.',
})
/** A PL-1 rule: JSON-logic, checked by `logic/check.ts` against the scope it is used in. */
export const RuleJson = Type.Unknown({
  description: 'A rule: JSON-logic of profile PL-1, or a plain value.',
  // Tells editors that operators and paths may stand here.
  $comment: 'rule',
})
/** An exact decimal as text. */
export const DecimalText = Type.String({
  pattern: '^-?[0-9]{1,20}(\\.[0-9]{1,20})?$',
  description: 'An exact number as text: "0.05".',
})
export const IsoDate = Type.String({ format: 'date', description: 'A day: 2026-01-31.' })

/** Settings by key; a key that is no `snake_case` is a mistake. */
export const byKey = { additionalProperties: false }

/** What a setting is called and what it does, for forms that are made of its schema and for editors. */
export const words = (title: Text, help?: Text) => ({
  title: title.en,
  'x-title': { zh: title.zh },
  ...(help ? { description: help.en, 'x-description': { zh: help.zh } } : {}),
})

export const TextSchema = Type.Object(
  {
    en: Type.String({ maxLength: 2000, ...words({ en: 'In English', zh: '英文' }) }),
    zh: Type.String({ maxLength: 2000, ...words({ en: 'In Chinese', zh: '中文' }) }),
  },
  { additionalProperties: false, description: 'Text in every language of the product.' },
)

/** One of several words, each with what people read for it. */
export const choice = <const V extends Readonly<Record<string, Text>>>(
  values: V,
  options: Readonly<Record<string, unknown>> = {},
) => Type.Enum(Object.keys(values) as (keyof V & string)[], { ...options, 'x-words': values })

/** What every definition starts with. */
export const header = <K extends string>(kind: K) => ({
  $schema: Type.Optional(Type.String({ description: 'Address of the schema, for editors.' })),
  kind: Type.Literal(kind, { description: 'Kind of definition and number of its format.' }),
  key: Key,
  'x-id': XId,
  title: TextSchema,
  description: Type.Optional(TextSchema),
})
