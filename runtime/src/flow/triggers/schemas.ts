import Type from 'typebox'
import { InputsSchema } from '../../definition/inputs.ts'
import { byKey, Key, RuleJson, TextSchema } from '../../definition/shared.ts'

// What `trigger` of a flow may say. Apart from what is known of each, because the type of a flow is made from these.

const closed = { additionalProperties: false } as const

/** The time stands once, the body once and at the end. */
const signedContent = '^([^{}]|\\{id\\})*\\{time\\}([^{}]|\\{id\\})*\\{body\\}$'

const HeaderName = Type.String({ pattern: '^[A-Za-z0-9-]{1,60}$' })

/** For whom a case is that no person begins. Nobody: a case of the system, whose superiors are the administrators. */
export const ApplicantSchema = Type.Union([
  /** Whoever a user field of the record names. */
  Type.Object({ field: Key }, closed),
  /** Whoever has been a member with this role for the longest. */
  Type.Object({ role: Key }, closed),
])

export const recordSchema = Type.Object(
  {
    type: Type.Literal('record'),
    /** Starts when this turns from false (or no record) to true. */
    when: RuleJson,
  },
  closed,
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
    /** A form of the record that is filled in first; its fields are written with the person's own rights. */
    form: Type.Optional(Key),
  },
  closed,
)

export const scheduleSchema = Type.Object(
  {
    type: Type.Literal('schedule'),
    /** Minute, hour, day, month, day of the week, on the wall of the workspace: `0 9 * * 1-5`. */
    cron: Type.String({ maxLength: 200 }),
    /** One case for each record of which this holds, unless it has an open case of the flow. Either this or `create`. */
    records: Type.Optional(RuleJson),
    /** One case, about a new record with these fields. */
    create: Type.Optional(Type.Record(Key, RuleJson, byKey)),
    applicant: Type.Optional(ApplicantSchema),
  },
  closed,
)

export const webhookSchema = Type.Object(
  {
    type: Type.Literal('webhook'),
    /** What a message must look like, as JSON Schema. Rules of the flow read it as `$input`. */
    input: InputsSchema,
    /** Fields of the record, as rules over `$input`. */
    values: Type.Record(Key, RuleJson, byKey),
    /** A unique field among them: a record that has its value is taken instead of making another one. */
    match: Type.Optional(Key),
    /** What becomes of the other values where a record was found. Default `update`. */
    found: Type.Optional(Type.Enum(['update', 'keep'])),
    /** How senders sign that know no Standard Webhooks: by HMAC-SHA256 with the text of the secret. */
    signature: Type.Optional(
      Type.Object(
        {
          header: HeaderName,
          /** What stands before the signature: `sha256=`. */
          prefix: Type.Optional(Type.String({ maxLength: 40 })),
          /** Default `hex`. */
          encoding: Type.Optional(Type.Enum(['hex', 'base64'])),
          /** The header by which the sender tells its messages apart. */
          id: HeaderName,
          /** The time at which it was signed, which is signed too. Without it the body alone is signed, at any time. */
          time: Type.Optional(
            Type.Object(
              {
                /** Seconds or milliseconds since 1970. */
                header: HeaderName,
                /** What is signed, with {time}, {id} and {body}, which comes last. Default `{time}.{body}`. */
                content: Type.Optional(Type.String({ pattern: signedContent, maxLength: 100 })),
                /** How far it may be from the server's clock, in minutes. Default 5. */
                within: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    /** Messages that are taken within a minute. Default 120. */
    perMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 6000 })),
    applicant: Type.Optional(ApplicantSchema),
  },
  closed,
)

export const flowSchema = Type.Object(
  {
    type: Type.Literal('flow'),
    /** What it is handed by whatever starts it; its rules read it as `$input`. */
    input: Type.Optional(InputsSchema),
    /** It treats one line of this field, handed to it by a step `for_each`; its rules read it as `$item`. */
    lines: Type.Optional(Key),
  },
  closed,
)

export const TriggerSchema = Type.Union([
  recordSchema,
  buttonSchema,
  scheduleSchema,
  webhookSchema,
  flowSchema,
])
