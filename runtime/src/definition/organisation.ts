import Type, { type Static } from 'typebox'
import { checkOrganisation } from './check-organisation.ts'
import { defineKind } from './kind.ts'
import { header, Key } from './shared.ts'

const closed = { additionalProperties: false }

/**
 * Where the people of a workspace stand: which object holds them, their departments, groups and the contacts of
 * partners. Flows ask it for supervisors, heads and members; no program names an object of a pack.
 */
export const OrganisationSchema = Type.Object(
  {
    ...header('organisation/1'),
    /** One record for each person of the organisation. */
    people: Type.Object(
      {
        object: Key,
        /** The user field that says whose record it is. */
        user: Key,
        /** Whom they report to: a user field, or a reference to another record of the same object. */
        supervisor: Type.Optional(Key),
        /** A reference to the department they belong to. */
        department: Type.Optional(Key),
      },
      { ...closed, description: 'The object that holds the people.' },
    ),
    departments: Type.Optional(
      Type.Object(
        {
          object: Key,
          /** Who leads it: a user field, or a reference to the record of a person. */
          head: Key,
          /** The department above: a reference to another one. */
          parent: Type.Optional(Key),
        },
        { ...closed, description: 'The object that holds the departments.' },
      ),
    ),
    groups: Type.Optional(
      Type.Object(
        {
          object: Key,
          /** The field whose value flows name the group by. */
          name: Key,
          /** Who is in it: a lines field, and the user field of each of its lines. */
          members: Key,
          user: Key,
        },
        { ...closed, description: 'Groups of people that decide together.' },
      ),
    ),
    contacts: Type.Optional(
      Type.Object(
        {
          object: Key,
          /** The organisation they speak for: a reference to the object of the organisations people belong to. */
          partner: Key,
          user: Key,
          /** What they answer for there: a choice or a text. */
          role: Key,
        },
        { ...closed, description: 'Who answers for what at each partner.' },
      ),
    ),
  },
  closed,
)
export type OrganisationDefinition = Static<typeof OrganisationSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly organisations: ReadonlyMap<string, OrganisationDefinition>
  }
}

export const organisationKind = defineKind({
  name: 'organisation',
  format: 1,
  title: { en: 'Organisation', zh: '组织架构' },
  folder: 'organisations',
  schema: OrganisationSchema,
  begin: () => ({ people: { object: '', user: '' } }),
  migrations: [],
  check: checkOrganisation,
})
