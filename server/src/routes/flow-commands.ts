import * as evidence from '@channelwright/runtime/errors/flow-evidence.ts'
import * as errors from '@channelwright/runtime/errors/flows.ts'
import { rightMissing } from '@channelwright/runtime/errors/identity.ts'
import type { CommandKind } from '@channelwright/runtime/flow/command-kind.ts'
import { commandKinds } from '@channelwright/runtime/flow/commands/index.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { type PersonsCommand, runCommand } from '../flows/command.ts'
import { CommandId, CommandReply, OneRun } from './flow-shapes.ts'
import { asReply } from './incentive-shapes.ts'
import { defineRoute, type Route } from './route.ts'

// Any step that a command leads to may refuse it.
const refusals = [...Object.values(errors), ...Object.values(evidence), rightMissing]

/**
 * A way in for each command that people and administrators give: `POST …/tasks/:id/<command>` and
 * `POST …/runs/:id/<command>`, made from the list of commands. What is decided goes to `…/tasks/:id/decision`.
 */
export const flowCommandRoutes: readonly Route[] = commandKinds
  .map((kind) => kind as unknown as CommandKind)
  .filter((kind) => kind.by !== 'system')
  .map(routeOf)

/** `send_back` → `sendBackTask` */
function nameOf({ name, on }: CommandKind): string {
  const words = name.split('_').map((word, at) => (at === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
  // People's ways to a task end in what they are about; `addSigners` and the like speak for themselves.
  return `${words.join('')}${on === 'task' ? 'Task' : 'Run'}`
}

function routeOf(kind: CommandKind): Route {
  const onTask = kind.on === 'task'
  const decides = kind.name === 'decide'
  return defineRoute({
    name: nameOf(kind),
    method: 'post',
    path: `/api/v1/:workspace/${onTask ? 'tasks' : 'runs'}/:id/${decides ? 'decision' : kind.name}`,
    summary: kind.title,
    access: kind.by === 'admin' ? { right: 'administer_flows' } : 'member',
    params: OneRun,
    body: Type.Object(
      {
        ...kind.payload.properties,
        commandId: CommandId,
        // The `rev` that the person saw. Of a run it may be left out: then the command is meant for it as it stands.
        ...(onTask ? { taskRev: Type.Integer() } : { runRev: Type.Optional(Type.Integer()) }),
        // Fields of the record that the step opens, written with the decision.
        ...(decides ? { values: Type.Optional(Type.Record(Type.String(), Type.Unknown())) } : {}),
      },
      { additionalProperties: false },
    ),
    output: CommandReply,
    errors: refusals,
    async handle({ services, served, actor }, { params, body }) {
      const { commandId, taskRev, runRev, values, ...said } = body as JsonObject
      // What is written down holds no blanks around it.
      const given = typeof said.reason === 'string' ? { ...said, reason: said.reason.trim() } : said
      const command = {
        type: kind.name,
        ...(onTask
          ? { task: params.id, taskRev }
          : { run: params.id, ...(runRev === undefined ? {} : { runRev }) }),
        given,
        ...(values === undefined ? {} : { values }),
      } as unknown as PersonsCommand
      return { body: asReply(await runCommand(services, served, actor, String(commandId), command)) }
    },
  }) as unknown as Route
}
