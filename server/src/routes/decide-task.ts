import * as errors from '@channelwright/runtime/errors/flows.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { runCommand } from '../flows/command.ts'
import { CommandId, CommandReply, Comment, OneRun } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const decideTask = defineRoute({
  name: 'decideTask',
  method: 'post',
  path: '/api/v1/:workspace/tasks/:id/decision',
  summary: { en: 'Decide a task', zh: '处理待办' },
  access: 'member',
  params: OneRun,
  body: Type.Object(
    {
      decision: Type.String({ maxLength: 40 }),
      comment: Type.Optional(Comment),
      /** The task's `rev` that the person saw. */
      taskRev: Type.Integer(),
      commandId: CommandId,
      /** Fields of the record that the step opens, written with the decision. */
      values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    },
    { additionalProperties: false },
  ),
  output: CommandReply,
  errors: [
    errors.flowTaskUnknown,
    errors.flowTaskNotYours,
    errors.flowTaskDecided,
    errors.flowTaskStale,
    errors.flowRunClosed,
    errors.flowDecisionUnknown,
    errors.flowCommentRequired,
    errors.flowFieldsNotOpen,
    errors.flowCommandReused,
  ],
  async handle({ services, served, actor }, { params, body }) {
    const { commandId, values, ...rest } = body
    const reply = await runCommand(services, served, actor, commandId, {
      type: 'decide',
      task: params.id,
      ...rest,
      ...(values === undefined ? {} : { values: values as JsonObject }),
    })
    return { body: asReply(reply) }
  },
})
