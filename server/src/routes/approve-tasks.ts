import Type from 'typebox'
import { approveTasks as approve } from '../flows/batch.ts'
import { CommandId, Comment } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'
import { nullable } from './shapes.ts'

export const approveTasks = defineRoute({
  name: 'approveTasks',
  method: 'post',
  path: '/api/v1/:workspace/tasks/batch',
  summary: { en: 'Approve several tasks', zh: '批量同意' },
  access: 'member',
  body: Type.Object(
    {
      decision: Type.Literal('approve'),
      comment: Type.Optional(Comment),
      items: Type.Array(
        Type.Object(
          {
            task: Type.String({ format: 'uuid' }),
            taskRev: Type.Integer(),
            commandId: CommandId,
            seenVersion: Type.Optional(Type.Integer()),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 200 },
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    results: Type.Array(
      Type.Object({
        task: Type.String(),
        done: Type.Boolean(),
        problem: nullable(Type.Object({ code: Type.String(), message: Type.String(), hint: Type.String() })),
      }),
    ),
  }),
  async handle({ services, served, actor, locale }, { body }) {
    return { body: asReply(await approve(services, served, actor, locale, body)) }
  },
})
