import { invitationUnknown } from '@channelwright/runtime/errors/identity.ts'
import Type from 'typebox'
import { revokeInvitation as revoke } from '../auth/invitations.ts'
import { defineRoute } from './route.ts'

export const revokeInvitation = defineRoute({
  name: 'revokeInvitation',
  method: 'delete',
  path: '/api/v1/:workspace/invitations/:invitation',
  summary: { en: 'Revoke an invitation that is still open', zh: '撤销尚未使用的邀请' },
  access: { right: 'manage_members' },
  params: Type.Object({ workspace: Type.String(), invitation: Type.String({ format: 'uuid' }) }),
  output: Type.Undefined(),
  success: 204,
  errors: [invitationUnknown],
  async handle({ services, served, actor }, { params }) {
    await revoke(services, served, actor, params.invitation)
    return { status: 204, body: undefined }
  },
})
