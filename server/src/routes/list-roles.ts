import Type from 'typebox'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const listRoles = defineRoute({
  name: 'listRoles',
  method: 'get',
  path: '/api/v1/:workspace/roles',
  summary: { en: 'Roles that people can be given', zh: '可授予人员的角色' },
  access: { right: 'manage_members' },
  output: Type.Object({
    roles: Type.Array(
      Type.Object({
        key: Type.String(),
        title: BothTexts,
        /** Whom it may be given to; null: anybody. */
        for: nullable(Type.Enum(['partner', 'staff'])),
      }),
    ),
    /** The object whose records are the organisations people belong to, and the field that names them. */
    party: nullable(Type.Object({ object: Type.String(), display: Type.String() })),
  }),
  async handle({ served: { release } }) {
    const roles = [...release.roles.values()].map(({ key, title, for: whom }) => ({ key, title, for: whom }))
    const party = release.party === null ? undefined : release.objects.get(release.party)
    return { body: { roles, party: party ? { object: party.key, display: party.display } : null } }
  },
})
