import { platformRights } from '@channelwright/runtime/definition/grant.ts'
import { locales } from '@channelwright/runtime/text.ts'
import Type from 'typebox'
import { platformRightsOf } from '../access/platform-rights.ts'
import { listMemberships } from '../auth/memberships.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const getSession = defineRoute({
  name: 'getSession',
  method: 'get',
  path: '/api/v1/session',
  summary: { en: 'Who am I, and in which workspaces', zh: '当前用户及其所属工作区' },
  access: 'user',
  output: Type.Object({
    user: Type.Object({
      id: Type.String({ format: 'uuid' }),
      name: Type.String(),
      email: Type.String(),
      locale: Type.Enum([...locales]),
    }),
    memberships: Type.Array(
      Type.Object({
        workspace: Type.Object({
          key: Type.String(),
          title: BothTexts,
          time_zone: Type.String(),
          demo: Type.Boolean(),
          /** Release in force; null while nothing is published. */
          release: nullable(Type.Integer()),
        }),
        roles: Type.Array(Type.Object({ key: Type.String(), title: BothTexts })),
        partner: nullable(Type.String({ format: 'uuid' })),
        rights: Type.Array(Type.Enum([...platformRights])),
      }),
    ),
  }),
  async handle({ services, person }) {
    const memberships = []
    for (const { workspace, roles, partner } of await listMemberships(services, person.user)) {
      const served = await services.releases.current(workspace.key)
      const known = roles.flatMap((key) => served?.release.roles.get(key) ?? [])
      memberships.push({
        workspace: {
          key: workspace.key,
          title: workspace.title,
          time_zone: workspace.timeZone,
          demo: workspace.demo,
          release: served?.number ?? null,
        },
        roles: known.map(({ key, title }) => ({ key, title })),
        partner,
        rights: served ? [...platformRightsOf(served.release, roles)] : [],
      })
    }
    const { user, name, email, locale } = person
    return { body: { user: { id: user, name, email, locale }, memberships } }
  },
})
