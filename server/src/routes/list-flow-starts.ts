import type { StartList } from '@channelwright/runtime/api/flows.ts'
import { Key } from '@channelwright/runtime/definition/shared.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { listStarts } from '../flows/button-starts.ts'
import { PickOffer } from './flow-shapes.ts'
import { defineRoute } from './route.ts'
import { BothTexts, nullable } from './shapes.ts'

export const listFlowStarts = defineRoute({
  name: 'listFlowStarts',
  method: 'get',
  path: '/api/v1/:workspace/flow-starts',
  summary: { en: 'Flows that I may start on a record by a button', zh: '我可在记录上人工启动的流程' },
  access: 'member',
  query: Type.Object(
    { object: Key, record: Type.String({ format: 'uuid' }) },
    { additionalProperties: false },
  ),
  output: Type.Unsafe<StartList>(
    Type.Object({
      starts: Type.Array(
        Type.Object({
          flow: Type.String(),
          title: BothTexts,
          label: BothTexts,
          state: Type.Enum(['ready', 'running', 'closed']),
          run: nullable(Type.String({ format: 'uuid' })),
          form: nullable(Type.String()),
          picks: Type.Array(PickOffer),
        }),
      ),
    }),
  ),
  errors: [recordNotFound],
  async handle({ services, served, actor }, { query: { object, record } }) {
    const starts = await inUnit(services, served, actor, (unit) => listStarts(unit, object, record), {
      readOnly: true,
    })
    return { body: { starts } }
  },
})
