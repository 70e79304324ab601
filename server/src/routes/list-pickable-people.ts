import type { PeopleReply } from '@channelwright/runtime/api/records.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowPickUnasked } from '@channelwright/runtime/errors/flow-picks.ts'
import { flowTaskUnknown } from '@channelwright/runtime/errors/flows.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { readyFlow } from '../flows/flow-data.ts'
import { findPickable, subjectOfNew } from '../flows/picks.ts'
import { pickableForTask } from '../flows/tasks.ts'
import { defineRoute } from './route.ts'

export const listPickablePeople = defineRoute({
  name: 'listPickablePeople',
  method: 'get',
  path: '/api/v1/:workspace/flows/:key/steps/:node/people',
  summary: { en: 'People who may be chosen for a step of a flow', zh: '流程步骤的可选处理人' },
  access: 'member',
  params: Type.Object({
    workspace: Type.String(),
    key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
    node: Type.String({ maxLength: 100 }),
  }),
  query: Type.Object(
    {
      /** My task at which they are chosen; without it they are chosen as a case is started. */
      task: Type.Optional(Type.String({ format: 'uuid' })),
      search: Type.Optional(Type.String({ maxLength: 100 })),
    },
    { additionalProperties: false },
  ),
  output: Type.Unsafe<PeopleReply>(
    Type.Object({
      people: Type.Array(
        Type.Object({
          id: Type.String({ format: 'uuid' }),
          name: Type.String(),
          staff: Type.Boolean(),
          email: Type.Optional(Type.String()),
        }),
      ),
    }),
  ),
  errors: [flowPickUnasked, flowTaskUnknown],
  async handle({ services, served, actor }, { params: { key, node }, query: { task, search } }) {
    const people = await inUnit(
      services,
      served,
      actor,
      (unit) => {
        if (task !== undefined) return pickableForTask(unit, task, node, search)
        if (actor.roles.length === 0 || !served.release.flows.has(key)) throw new Refusal(flowPickUnasked)
        const ready = readyFlow(served, key)
        return findPickable(unit, ready, node, subjectOfNew(unit, ready.flow.object), search)
      },
      { readOnly: true },
    )
    return { body: { people } }
  },
})
