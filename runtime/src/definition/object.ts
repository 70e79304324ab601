import Type, { type Static } from 'typebox'
import { header, Key, RuleJson, TextSchema, XId } from './shared.ts'

/**
 * One property of an object's schema: plain JSON Schema plus `x-field`, the field type, and its settings.
 * The settings allowed beside `x-field` are those of the field type (`fields/<type>/field.ts`).
 */
export const FieldSchema = Type.Object(
  {
    'x-field': Type.String(),
    'x-id': XId,
    title: Type.String(),
    'x-title': Type.Object({ zh: Type.String() }, { additionalProperties: false }),
    description: Type.Optional(Type.String()),
    'x-description': Type.Optional(Type.Object({ zh: Type.String() }, { additionalProperties: false })),
    'x-order': Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)
export type FieldDefinition = Static<typeof FieldSchema> & Record<string, unknown>

export const ObjectSchema = Type.Object(
  {
    ...header('object/1'),
    icon: Type.Optional(Type.String()),
    /** The field whose value names a record on screen. */
    display: Key,
    /**
     * Present on the object whose records are the organisations that people belong to. `parent` is the
     * reference field that makes the hierarchy.
     */
    party: Type.Optional(
      Type.Object({ parent: Type.Optional(Key) }, { additionalProperties: false }),
    ),
    /** The reference field that says which organisation owns a record; leads the indexes. */
    owner: Type.Optional(Key),
    schema: Type.Object(
      {
        type: Type.Literal('object'),
        additionalProperties: Type.Literal(false),
        properties: Type.Record(Key, FieldSchema),
        required: Type.Optional(Type.Array(Key)),
      },
      { additionalProperties: false },
    ),
    /** Fields whose value is always the result of a rule over the other fields. */
    computed: Type.Optional(Type.Record(Key, RuleJson)),
    unique: Type.Optional(
      Type.Array(
        Type.Object(
          { 'x-id': XId, fields: Type.Array(Key, { minItems: 1 }), when: Type.Optional(RuleJson), message: TextSchema },
          { additionalProperties: false },
        ),
      ),
    ),
    /** No two records that agree on `fields` (while `when` holds) may overlap in `period`. */
    exclusive: Type.Optional(
      Type.Array(
        Type.Object(
          {
            'x-id': XId,
            fields: Type.Array(Key, { minItems: 1 }),
            /** A field of type period. */
            period: Key,
            when: Type.Optional(RuleJson),
            /** May say `{until}`: the end of the period already taken. Nothing else of the other record. */
            message: TextSchema,
          },
          { additionalProperties: false },
        ),
      ),
    ),
    indexes: Type.Optional(
      Type.Array(
        Type.Object({ 'x-id': XId, fields: Type.Array(Key, { minItems: 1 }) }, { additionalProperties: false }),
      ),
    ),
    lifecycle: Type.Optional(
      Type.Object(
        {
          /** A choice field; its choices are the states. */
          field: Key,
          initial: Type.String(),
          moves: Type.Array(
            Type.Object(
              {
                'x-id': XId,
                from: Type.Array(Type.String(), { minItems: 1 }),
                to: Type.String(),
                /** `flow`: only a flow's action may make this move. */
                by: Type.Optional(Type.Union([Type.Literal('anyone'), Type.Literal('flow')])),
                when: Type.Optional(RuleJson),
              },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type ObjectDefinition = Static<typeof ObjectSchema>
