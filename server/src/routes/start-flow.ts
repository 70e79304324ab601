import { flowButtonClosed } from '@channelwright/runtime/errors/flow-starts.ts'
import { recordNotFound } from '@channelwright/runtime/errors/records.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { startByButton } from '../flows/start-by-button.ts'
import { defineRoute } from './route.ts'

const Uuid = Type.String({ format: 'uuid' })

export const startFlow = defineRoute({
  name: 'startFlow',
  method: 'post',
  path: '/api/v1/:workspace/flows/:key/start',
  summary: {
    en: 'Start a flow that people start, on a record; answers with the case under way',
    zh: '在记录上人工启动流程,返回进行中的实例',
  },
  access: 'member',
  params: Type.Object({ workspace: Type.String(), key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }) }),
  body: Type.Object({ record: Uuid }, { additionalProperties: false }),
  output: Type.Object({ run: Uuid }),
  errors: [flowButtonClosed, recordNotFound],
  async handle({ services, served, actor }, { params, body }) {
    const run = await inUnit(services, served, actor, (unit) => startByButton(unit, params.key, body.record))
    return { body: { run } }
  },
})
