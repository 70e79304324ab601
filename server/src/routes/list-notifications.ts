import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listNotifications as list } from '../flows/read-notifications.ts'
import { Cursor, Limit } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const listNotifications = defineRoute({
  name: 'listNotifications',
  method: 'get',
  path: '/api/v1/:workspace/notifications',
  summary: { en: 'What I was told, newest first', zh: '我的通知(最新在前)' },
  access: 'member',
  query: Type.Object({ limit: Limit, cursor: Cursor }, { additionalProperties: false }),
  output: Type.Object({
    notifications: Type.Array(
      Type.Object({
        id: Type.String(),
        kind: Type.String(),
        sentence: BothTexts,
        task: nullable(Type.String()),
        run: nullable(Type.String()),
        at: Type.String({ format: 'date-time' }),
        read_at: nullable(Type.String({ format: 'date-time' })),
      }),
    ),
    next: nullable(Type.String()),
    unread: Type.Integer(),
  }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => list(unit, query))) }
  },
})
