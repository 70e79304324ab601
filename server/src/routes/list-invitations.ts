import Type from 'typebox'
import { listInvitations as findInvitations } from '../auth/invitations.ts'
import { InvitationShape } from './member-shape.ts'
import { defineRoute } from './route.ts'

export const listInvitations = defineRoute({
  name: 'listInvitations',
  method: 'get',
  path: '/api/v1/:workspace/invitations',
  summary: { en: 'The newest hundred invitations', zh: '最近一百个邀请' },
  access: { right: 'manage_members' },
  output: Type.Object({ invitations: Type.Array(InvitationShape) }),
  async handle({ services, served, actor }) {
    return { body: { invitations: await findInvitations(services, served, actor) } }
  },
})
