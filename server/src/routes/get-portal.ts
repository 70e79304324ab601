import type { PortalReply } from '@channelwright/runtime/api/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readPortal } from '../records/client-release.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const getPortal = defineRoute({
  name: 'getPortal',
  method: 'get',
  path: '/api/v1/:workspace/portal',
  summary: { en: 'Who I am in this workspace and where I may go', zh: '我在本工作区的身份与导航' },
  access: 'member',
  output: Type.Unsafe<PortalReply>(
    Type.Object({
      workspace: Type.Object({
        key: Type.String(),
        title: BothTexts,
        timeZone: Type.String(),
        demo: Type.Boolean(),
      }),
      release: Type.Integer(),
      user: Type.Object({
        id: Type.String({ format: 'uuid' }),
        name: Type.String(),
        email: Type.String(),
        roles: Type.Array(Type.Object({ key: Type.String(), title: BothTexts })),
        partner: nullable(
          Type.Object({ id: Type.String({ format: 'uuid' }), title: nullable(Type.String()) }),
        ),
      }),
      home: nullable(Type.String()),
      menu: Type.Array(
        Type.Object({
          view: Type.String(),
          type: Type.String(),
          object: nullable(Type.String()),
          title: BothTexts,
          icon: nullable(Type.String()),
        }),
      ),
      create: Type.Array(Type.Object({ form: Type.String(), object: Type.String(), title: BothTexts })),
      rights: Type.Array(Type.String()),
      kept_mail: Type.Boolean(),
    }),
  ),
  async handle({ services, served, actor }) {
    return { body: await inUnit(services, served, actor, readPortal, { readOnly: true }) }
  },
})
