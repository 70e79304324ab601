import * as picks from '@channelwright/runtime/errors/flow-picks.ts'
import { flowButtonClosed } from '@channelwright/runtime/errors/flow-starts.ts'
import {
  idempotencyConflict,
  idempotencyKeyInvalid,
  recordNotFound,
  recordStale,
} from '@channelwright/runtime/errors/records.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { startByButton } from '../flows/start-by-button.ts'
import { runOnce, type StoredReply } from '../records/run-once.ts'
import { defineRoute, type Reply } from './route.ts'

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
  body: Type.Object(
    {
      record: Uuid,
      /** What was filled in, where the button has a form; written with the person's own rights. */
      values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      /** The revision of the record that was seen. */
      rev: Type.Optional(Type.Integer()),
      /** Step → people who are chosen for it. */
      picks: Type.Optional(Type.Record(Type.String(), Type.Array(Uuid, { maxItems: 100 }))),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ run: Uuid }),
  errors: [
    flowButtonClosed,
    recordNotFound,
    recordStale,
    idempotencyConflict,
    idempotencyKeyInvalid,
    ...Object.values(picks),
  ],
  idempotent: true,
  async handle({ services, served, actor, request }, { params, body }) {
    const key = request.get('idempotency-key')
    const reply = await inUnit(services, served, actor, async (unit) => {
      const work = async (): Promise<StoredReply> => {
        const values = body.values as JsonObject | undefined
        return {
          status: 200,
          headers: {},
          body: { run: await startByButton(unit, params.key, { ...body, values }) },
        }
      }
      if (key === undefined) return work()
      return runOnce(unit, { key, target: `POST ${request.originalUrl}`, body }, work)
    })
    return reply as Reply<{ run: string }>
  },
})
