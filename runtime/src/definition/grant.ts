import Type, { type Static } from 'typebox'
import { checkGrant } from './check-grant.ts'
import { defineKind } from './kind.ts'
import { byKey, header, Key, RuleJson } from './shared.ts'

/** Rows: `true` for all, or a rule over the record and `$user`. Fields: keys, or `*` for all of them. */
const Access = Type.Object(
  {
    rows: Type.Union([Type.Literal(true), RuleJson]),
    fields: Type.Array(Type.Union([Key, Type.Literal('*')])),
  },
  { additionalProperties: false },
)

export const platformRights = [
  'design',
  'publish',
  'manage_members',
  'run_plans',
  'administer_flows',
  'raise_events',
] as const

/**
 * What a role may do. A role is the sum of all grants that name it; the grant whose key equals the role gives
 * the role its title and says whom it is for.
 */
export const GrantSchema = Type.Object(
  {
    ...header('grant/1'),
    role: Key,
    /** `partner`: only for people of a partner organisation. `staff`: only for the vendor's own people. */
    for: Type.Optional(Type.Enum(['partner', 'staff'])),
    objects: Type.Optional(
      Type.Record(
        Key,
        Type.Object(
          {
            read: Type.Optional(Access),
            create: Type.Optional(Access),
            update: Type.Optional(Access),
            delete: Type.Optional(Type.Object({ rows: Type.Union([Type.Literal(true), RuleJson]) })),
            export: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        byKey,
      ),
    ),
    views: Type.Optional(Type.Array(Key)),
    forms: Type.Optional(Type.Array(Key)),
    /** `see`: runs and timeline of records one may read. */
    flows: Type.Optional(Type.Record(Key, Type.Array(Type.Enum(['see'])), byKey)),
    /** Whose amounts: `own` those of one's own organisation and those below it, `all` everybody's. */
    plans: Type.Optional(Type.Record(Key, Type.Enum(['own', 'all']), byKey)),
    platform: Type.Optional(Type.Array(Type.Enum([...platformRights]), { uniqueItems: true })),
  },
  { additionalProperties: false },
)
export type GrantDefinition = Static<typeof GrantSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly grants: ReadonlyMap<string, GrantDefinition>
  }
}

export const grantKind = defineKind({
  name: 'grant',
  format: 1,
  title: { en: 'Grant', zh: '授权' },
  folder: 'grants',
  schema: GrantSchema,
  begin: ({ key }) => ({ role: key, for: 'staff', objects: {}, views: [], forms: [] }),
  migrations: [],
  check: checkGrant,
})
