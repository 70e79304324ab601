import Type from 'typebox'
import { Key, RuleJson, TextSchema } from '../../definition/shared.ts'

// What `trigger` of a flow may say. Apart from what is known of each, because the type of a flow is made from these.

export const recordSchema = Type.Object(
  {
    type: Type.Literal('record'),
    /** Starts when this turns from false (or no record) to true. */
    when: RuleJson,
  },
  { additionalProperties: false },
)

export const buttonSchema = Type.Object(
  {
    type: Type.Literal('button'),
    /** On the button. */
    label: TextSchema,
    /** Who has it. Default: whoever may see the record. */
    roles: Type.Optional(Type.Array(Key, { minItems: 1, maxItems: 50 })),
    /** On which records. Default all. */
    when: Type.Optional(RuleJson),
  },
  { additionalProperties: false },
)

export const flowSchema = Type.Object({ type: Type.Literal('flow') }, { additionalProperties: false })

export const TriggerSchema = Type.Union([recordSchema, buttonSchema, flowSchema])
