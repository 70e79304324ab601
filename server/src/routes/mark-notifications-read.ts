import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { markNotificationsRead as mark } from '../flows/read-notifications.ts'
import { defineRoute } from './route.ts'

export const markNotificationsRead = defineRoute({
  name: 'markNotificationsRead',
  method: 'post',
  path: '/api/v1/:workspace/notifications/read',
  summary: { en: 'I have read these', zh: '标记通知为已读' },
  access: 'member',
  body: Type.Object(
    {
      ids: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 500 })),
      all: Type.Optional(Type.Literal(true)),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  output: Type.Object({ unread: Type.Integer() }),
  async handle({ services, served, actor }, { body }) {
    const ids = body.all ? null : (body.ids ?? [])
    const unread = await inUnit(services, served, actor, (unit) => mark(unit, ids))
    return { body: { unread } }
  },
})
