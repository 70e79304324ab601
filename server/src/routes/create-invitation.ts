import { partnerUnknown, roleForOthers, roleUnknown } from '@channelwright/runtime/errors/identity.ts'
import { locales } from '@channelwright/runtime/text.ts'
import Type from 'typebox'
import { checkRoles } from '../auth/check-roles.ts'
import { createInvitation as makeInvitation } from '../auth/invitations.ts'
import { InvitationShape, Partner, Roles } from './member-shape.ts'
import { defineRoute } from './route.ts'

export const createInvitation = defineRoute({
  name: 'createInvitation',
  method: 'post',
  path: '/api/v1/:workspace/invitations',
  summary: { en: 'Invite a person; the link is told this once', zh: '邀请成员;链接仅显示这一次' },
  access: { right: 'manage_members' },
  body: Type.Object(
    {
      email: Type.String({ format: 'email', maxLength: 254 }),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      roles: Type.Intersect([Roles, Type.Array(Type.String(), { minItems: 1 })]),
      partner: Type.Optional(Partner),
      locale: Type.Optional(Type.Enum([...locales])),
    },
    { additionalProperties: false },
  ),
  output: Type.Intersect([InvitationShape, Type.Object({ link: Type.String({ format: 'uri' }) })]),
  success: 201,
  errors: [partnerUnknown, roleForOthers, roleUnknown],
  async handle({ services, served, actor }, { body }) {
    const partner = body.partner ?? null
    await checkRoles(services, served, actor, body.roles, partner)
    const { invitation, token } = await makeInvitation(services, served, actor, {
      email: body.email.trim().toLowerCase(),
      name: body.name ?? null,
      roles: body.roles,
      partner,
      locale: body.locale ?? actor.locale,
    })
    return { status: 201, body: { ...invitation, link: `${services.config.baseUrl}/invitation/${token}` } }
  },
})
