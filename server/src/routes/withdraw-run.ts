import * as errors from '@channelwright/runtime/errors/flows.ts'
import Type from 'typebox'
import { runCommand } from '../flows/command.ts'
import { CommandId, CommandReply, Comment, OneRun } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const withdrawRun = defineRoute({
  name: 'withdrawRun',
  method: 'post',
  path: '/api/v1/:workspace/runs/:id/withdraw',
  summary: { en: 'Take back a case that I submitted', zh: '撤回我提交的流程' },
  access: 'member',
  params: OneRun,
  body: Type.Object(
    { comment: Type.Optional(Comment), commandId: CommandId },
    { additionalProperties: false },
  ),
  output: CommandReply,
  errors: [
    errors.flowRunUnknown,
    errors.flowRunClosed,
    errors.flowNotApplicant,
    errors.flowWithdrawLate,
    errors.flowWithdrawNever,
    errors.flowCommandReused,
  ],
  async handle({ services, served, actor }, { params, body: { commandId, ...rest } }) {
    const command = { type: 'withdraw', run: params.id, ...rest } as const
    return { body: asReply(await runCommand(services, served, actor, commandId, command)) }
  },
})
