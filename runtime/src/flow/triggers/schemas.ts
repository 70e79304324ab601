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

export const scheduleSchema = Type.Object(
  {
    type: Type.Literal('schedule'),
    /** Minute, hour, day of the month, month, day of the week: `0 9 * * 1` is Mondays at nine. */
    cron: Type.String({ minLength: 9, maxLength: 100 }),
    /** For which records, as a rule over them. */
    where: RuleJson,
    /** At most so many at one time, the oldest first. Default 200. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  { additionalProperties: false },
)

export const webhookSchema = Type.Object(
  {
    type: Type.Literal('webhook'),
    /** The field of the record that the caller's `record` is looked up in. Default: its id. */
    by: Type.Optional(Key),
  },
  { additionalProperties: false },
)

export const flowSchema = Type.Object({ type: Type.Literal('flow') }, { additionalProperties: false })

export const TriggerSchema = Type.Union([
  recordSchema,
  buttonSchema,
  scheduleSchema,
  webhookSchema,
  flowSchema,
])
