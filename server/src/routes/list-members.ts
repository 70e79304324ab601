import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { listMembers as findMembers } from '../auth/members.ts'
import { decodeCursor, encodeCursor, MemberShape } from './member-shape.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const listMembers = defineRoute({
  name: 'listMembers',
  method: 'get',
  path: '/api/v1/:workspace/members',
  summary: { en: 'Members of the workspace, by name', zh: '工作区成员,按姓名排列' },
  access: { right: 'manage_members' },
  query: Type.Object(
    {
      search: Type.Optional(Type.String({ maxLength: 100 })),
      status: Type.Optional(Type.Enum(['active', 'inactive'])),
      cursor: Type.Optional(Type.String({ maxLength: 1000 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ members: Type.Array(MemberShape), next: nullable(Type.String()) }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    const limit = query.limit ?? 50
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
    if (query.cursor !== undefined && !after) throw new Refusal(cursorInvalid)
    const { search, status } = query
    const found = await findMembers(services, served, actor, { search, status, after, limit: limit + 1 })
    const members = found.slice(0, limit)
    return { body: { members, next: found.length > limit ? encodeCursor(members.at(-1)!) : null } }
  },
})
