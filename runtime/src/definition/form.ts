import Type, { type Static } from 'typebox'
import { checkForm } from './check-form.ts'
import { defineKind } from './kind.ts'
import { byKey, header, Key, OrderKey, RuleJson, TextSchema, XId } from './shared.ts'

export const FormFieldSchema = Type.Object(
  {
    visible: Type.Optional(RuleJson),
    required: Type.Optional(RuleJson),
    readonly: Type.Optional(RuleJson),
    /** Taken once, when the form opens and the field is empty. */
    default: Type.Optional(RuleJson),
    /** Kept equal to the rule while the form is open; the field is read-only then. */
    value: Type.Optional(RuleJson),
    title: Type.Optional(TextSchema),
    help: Type.Optional(TextSchema),
    placeholder: Type.Optional(TextSchema),
  },
  { additionalProperties: false },
)

export const FormSchema = Type.Object(
  {
    ...header('form/1'),
    object: Key,
    purpose: Type.Enum(['create', 'edit', 'task', 'public'], {
      description:
        'create: a new record; edit: one that exists; task: with a decision; public: without sign-in.',
    }),
    steps: Type.Array(
      Type.Object(
        {
          'x-id': XId,
          'x-order': Type.Optional(OrderKey),
          title: TextSchema,
          visible: Type.Optional(RuleJson),
          sections: Type.Array(
            Type.Object(
              {
                'x-id': XId,
                title: Type.Optional(TextSchema),
                help: Type.Optional(TextSchema),
                /** Each row shows its fields side by side at desk width, one below the other on a phone. */
                rows: Type.Array(Type.Array(Key, { minItems: 1, maxItems: 4 })),
              },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50, description: 'Pages of the form, filled in one after the other.' },
    ),
    fields: Type.Optional(Type.Record(Key, FormFieldSchema, byKey)),
    /** Each rule must hold when the form is submitted. */
    checks: Type.Optional(
      Type.Array(
        Type.Object(
          { 'x-id': XId, rule: RuleJson, message: TextSchema, field: Type.Optional(Key) },
          { additionalProperties: false },
        ),
      ),
    ),
    submit: Type.Optional(
      Type.Object(
        {
          title: TextSchema,
          /** Values written with the submit, e.g. the state it moves to. Rules. */
          set: Type.Optional(Type.Record(Key, RuleJson, byKey)),
        },
        { additionalProperties: false },
      ),
    ),
    /** What the designer has no control for; merged over the generated uiSchema. */
    uiSchema: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
)
export type FormDefinition = Static<typeof FormSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly forms: ReadonlyMap<string, FormDefinition>
  }
}

export const formKind = defineKind({
  name: 'form',
  format: 1,
  title: { en: 'Form', zh: '表单' },
  folder: 'forms',
  schema: FormSchema,
  begin: ({ makeId }) => ({
    object: '',
    purpose: 'create',
    steps: [
      {
        'x-id': makeId('s'),
        title: { en: 'Details', zh: '信息' },
        sections: [{ 'x-id': makeId('c'), rows: [] }],
      },
    ],
  }),
  migrations: [],
  check: checkForm,
})
