import {
  lastManager,
  memberUnknown,
  partnerUnknown,
  roleForOthers,
  roleUnknown,
} from '@channelwright/runtime/errors/identity.ts'
import Type from 'typebox'
import { changeMember } from '../auth/members.ts'
import { MemberShape, Partner, Roles } from './member-shape.ts'
import { defineRoute } from './route.ts'

export const updateMember = defineRoute({
  name: 'updateMember',
  method: 'patch',
  path: '/api/v1/:workspace/members/:member',
  summary: { en: 'Change roles, organisation or status of a member', zh: '修改成员的角色、组织或状态' },
  access: { right: 'manage_members' },
  params: Type.Object({ workspace: Type.String(), member: Type.String({ format: 'uuid' }) }),
  body: Type.Object(
    {
      roles: Type.Optional(Roles),
      partner: Type.Optional(Partner),
      status: Type.Optional(Type.Enum(['active', 'inactive'])),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  output: MemberShape,
  errors: [lastManager, memberUnknown, partnerUnknown, roleForOthers, roleUnknown],
  async handle({ services, served, actor, people }, { params, body }) {
    const member = await changeMember(services, served, actor, params.member, body)
    people.forget()
    return { body: member }
  },
})
