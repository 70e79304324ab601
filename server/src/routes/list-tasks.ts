import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listTasks as readTasks } from '../flows/tasks.ts'
import { Cursor, InboxCounts, inboxFilter, Limit, TaskItem } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const listTasks = defineRoute({
  name: 'listTasks',
  method: 'get',
  path: '/api/v1/:workspace/tasks',
  summary: { en: 'My tasks, newest first', zh: '我的待办(最新在前)' },
  access: 'member',
  query: Type.Object(
    { state: Type.Optional(Type.Enum(['todo', 'done'])), ...inboxFilter, limit: Limit, cursor: Cursor },
    { additionalProperties: false },
  ),
  output: Type.Object({
    tasks: Type.Array(TaskItem),
    next: nullable(Type.String()),
    counts: InboxCounts,
  }),
  errors: [cursorInvalid],
  async handle({ services, served, actor }, { query }) {
    return { body: asReply(await inUnit(services, served, actor, (unit) => readTasks(unit, query))) }
  },
})
