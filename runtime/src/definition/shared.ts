import Type from 'typebox'

/** `snake_case`, letter first; becomes part of table, column and role names. */
export const Key = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' })
/** Permanent identity of a definition or of an element in it; never changes when keys and titles do. */
export const XId = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$' })
export const TextSchema = Type.Object(
  { en: Type.String({ maxLength: 2000 }), zh: Type.String({ maxLength: 2000 }) },
  { additionalProperties: false },
)
/** Position among siblings, as a fractional index ("a0", "a1", "a0V"); parallel edits merge. */
export const OrderKey = Type.String({ pattern: '^[A-Za-z0-9]{1,32}$' })
/** A PL-1 rule: JSON-logic, checked by `logic/check.ts` against the scope it is used in. */
export const RuleJson = Type.Unknown({ description: 'A rule: JSON-logic of profile PL-1' })
/** An exact decimal as text. */
export const DecimalText = Type.String({ pattern: '^-?[0-9]{1,20}(\\.[0-9]{1,20})?$' })
export const IsoDate = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })

/** What every definition starts with. */
export const header = <K extends string>(kind: K) => ({
  $schema: Type.Optional(Type.String()),
  kind: Type.Literal(kind),
  key: Key,
  'x-id': XId,
  title: TextSchema,
  description: Type.Optional(TextSchema),
})
