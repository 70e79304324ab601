import * as errors from '@channelwright/runtime/errors/flows.ts'
import Type from 'typebox'
import { runCommand } from '../flows/command.ts'
import { CommandId, CommandReply, OneRun, Reason } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute } from './route.ts'

export const terminateRun = defineRoute({
  name: 'terminateRun',
  method: 'post',
  path: '/api/v1/:workspace/flow-runs/:id/terminate',
  summary: { en: 'End a case for good', zh: '终止流程' },
  access: { right: 'administer_flows' },
  params: OneRun,
  body: Type.Object({ reason: Reason, commandId: CommandId }, { additionalProperties: false }),
  output: CommandReply,
  errors: [errors.flowRunUnknown, errors.flowRunClosed, errors.flowCommandReused],
  async handle({ services, served, actor }, { params, body: { commandId, reason } }) {
    const command = { type: 'terminate', run: params.id, reason } as const
    return { body: asReply(await runCommand(services, served, actor, commandId, command)) }
  },
})
