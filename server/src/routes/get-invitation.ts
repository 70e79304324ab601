import { invitationUnknown } from '@channelwright/runtime/errors/identity.ts'
import { locales } from '@channelwright/runtime/text.ts'
import Type from 'typebox'
import { findInvitation } from '../auth/invitations.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const InvitationToken = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{32}$' }) })

export const getInvitation = defineRoute({
  name: 'getInvitation',
  method: 'get',
  path: '/api/v1/invitations/:token',
  summary: { en: 'What an invitation link is for', zh: '查看邀请链接的内容' },
  access: 'public',
  params: InvitationToken,
  output: Type.Object({
    workspace: Type.Object({ key: Type.String(), title: BothTexts }),
    email: Type.String(),
    name: nullable(Type.String()),
    locale: Type.Enum([...locales]),
    expires_at: Type.String({ format: 'date-time' }),
    account: Type.Boolean(),
  }),
  errors: [invitationUnknown],
  async handle({ services }, { params }) {
    const { workspace, email, name, locale, expires_at, account } = await findInvitation(
      services,
      params.token,
    )
    const { key, title } = workspace
    return { body: { workspace: { key, title }, email, name, locale, expires_at, account } }
  },
})
