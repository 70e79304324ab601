import Type, { type Static } from 'typebox'
import { checkObject } from './check-object.ts'
import { FieldSchema } from './field-schema.ts'
import { defineKind } from './kind.ts'
import { objectMigrations } from './migrations/object.ts'
import { byKey, header, Key, RuleJson, TextSchema, XId } from './shared.ts'

export { type FieldDefinition, FieldSchema } from './field-schema.ts'

export const ObjectSchema = Type.Object(
  {
    ...header('object/1'),
    icon: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]{1,60}$',
        description: 'Name of a Tabler icon: building, shield-check.',
      }),
    ),
    /** The field whose value names a record on screen. */
    display: Key,
    /**
     * Present on the object whose records are the organisations that people belong to. `parent` is the
     * reference field that makes the hierarchy.
     */
    party: Type.Optional(
      Type.Object(
        { parent: Type.Optional(Key) },
        {
          additionalProperties: false,
          description: 'Present on the object of the organisations that people belong to.',
        },
      ),
    ),
    /** The reference field that says which organisation owns a record; leads the indexes. */
    owner: Type.Optional(Key),
    schema: Type.Object(
      {
        type: Type.Literal('object'),
        additionalProperties: Type.Literal(false),
        properties: Type.Record(Key, FieldSchema, byKey),
        required: Type.Optional(Type.Array(Key)),
      },
      { additionalProperties: false },
    ),
    /** Fields whose value is always the result of a rule over the other fields. */
    computed: Type.Optional(Type.Record(Key, RuleJson, byKey)),
    unique: Type.Optional(
      Type.Array(
        Type.Object(
          {
            'x-id': XId,
            fields: Type.Array(Key, { minItems: 1 }),
            when: Type.Optional(RuleJson),
            message: TextSchema,
          },
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
        Type.Object(
          { 'x-id': XId, fields: Type.Array(Key, { minItems: 1 }) },
          { additionalProperties: false },
        ),
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
                by: Type.Optional(Type.Enum(['anyone', 'flow'])),
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

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly objects: ReadonlyMap<string, ObjectDefinition>
  }
}

export const objectKind = defineKind({
  name: 'object',
  format: 1,
  title: { en: 'Object', zh: '对象' },
  folder: 'objects',
  schema: ObjectSchema,
  begin: ({ makeId }) => ({
    display: 'name',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: {
          type: 'string',
          maxLength: 200,
          'x-field': 'text',
          'x-id': makeId('f'),
          title: 'Name',
          'x-title': { zh: '名称' },
        },
      },
      required: ['name'],
    },
  }),
  migrations: objectMigrations,
  check: checkObject,
})
