import { Key } from '@channelwright/runtime/definition/shared.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listPeople as list } from '../records/people.ts'
import { defineRoute } from './route.ts'

export const listPeople = defineRoute({
  name: 'listPeople',
  method: 'get',
  path: '/api/v1/:workspace/people',
  summary: { en: 'People to choose from in user fields', zh: '人员字段的可选人员' },
  access: 'member',
  query: Type.Object({
    /** One person alone, to learn their name. */
    id: Type.Optional(Type.String({ format: 'uuid' })),
    search: Type.Optional(Type.String({ maxLength: 100 })),
    role: Type.Optional(Key),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  output: Type.Object({
    people: Type.Array(
      Type.Object({
        id: Type.String({ format: 'uuid' }),
        name: Type.String(),
        staff: Type.Boolean(),
        email: Type.Optional(Type.String()),
      }),
    ),
  }),
  async handle({ services, served, actor }, { query }) {
    const people = await inUnit(services, served, actor, (unit) => list(unit, query), { readOnly: true })
    return { body: { people } }
  },
})
