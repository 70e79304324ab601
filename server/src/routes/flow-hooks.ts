import { TextSchema } from '@channelwright/runtime/definition/shared.ts'
import { hookUnknown } from '@channelwright/runtime/errors/flow-starts.ts'
import Type from 'typebox'
import { dropHookSecret, listHooks, renewHookSecret } from '../flows/hook-secrets.ts'
import type { WebhookTrigger } from '../flows/take-message.ts'
import { defineRoute } from './route.ts'

const Time = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const Flow = Type.Object({
  workspace: Type.String(),
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
})
const right = { right: 'administer_flows' } as const

export const listFlowHooks = defineRoute({
  name: 'listFlowHooks',
  method: 'get',
  path: '/api/v1/:workspace/flow-hooks',
  summary: { en: 'Flows that messages of other systems begin', zh: '由外部消息启动的流程' },
  access: right,
  params: Type.Object({ workspace: Type.String() }),
  output: Type.Object({
    hooks: Type.Array(
      Type.Object({
        flow: Type.String(),
        url: Type.String(),
        ready: Type.Boolean(),
        created_at: Time,
        previous_until: Time,
        used_at: Time,
        title: TextSchema,
        /** JSON Schema of what messages say. */
        input: Type.Unsafe<WebhookTrigger['input']>(Type.Record(Type.String(), Type.Unknown())),
        /** How the sender signs; null: as Standard Webhooks has it. */
        signature: Type.Unsafe<NonNullable<WebhookTrigger['signature']> | null>(
          Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
        ),
        /** What came of the newest message: its case, or the code it was refused with. */
        last: Type.Union([
          Type.Object({
            at: Type.String({ format: 'date-time' }),
            run: Type.Union([Type.String({ format: 'uuid' }), Type.Null()]),
            started: Type.Boolean(),
            refused: Type.Union([Type.String(), Type.Null()]),
          }),
          Type.Null(),
        ]),
      }),
    ),
  }),
  async handle({ services, served }, { params }) {
    const hooks = await listHooks(services, served)
    const url = (flow: string) => `${services.config.baseUrl}/hooks/${params.workspace}/${flow}`
    return {
      body: {
        hooks: hooks.map(({ trigger, ...hook }) => ({
          ...hook,
          url: url(hook.flow),
          title: served.release.flows.get(hook.flow)?.title ?? { en: hook.flow, zh: hook.flow },
          input: trigger.input,
          signature: trigger.signature ?? null,
        })),
      },
    }
  },
})

export const renewFlowHookSecret = defineRoute({
  name: 'renewFlowHookSecret',
  method: 'post',
  path: '/api/v1/:workspace/flows/:key/hook-secret',
  summary: {
    en: 'Make a secret for messages to a flow; told this once. The one before it holds for another day',
    zh: '生成流程消息密钥(仅显示一次);旧密钥一天内仍有效',
  },
  access: right,
  params: Flow,
  /** `atOnce`: the secret before it is not taken any more. */
  body: Type.Object({ atOnce: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  output: Type.Object({ secret: Type.String(), url: Type.String(), previous_until: Time }),
  success: 201,
  errors: [hookUnknown],
  async handle({ services, served, actor }, { params, body }) {
    const { atOnce = false } = body
    const made = await renewHookSecret(services, served, params.key, actor.user, atOnce)
    return { body: { ...made, url: `${services.config.baseUrl}/hooks/${params.workspace}/${params.key}` } }
  },
})

export const dropFlowHookSecret = defineRoute({
  name: 'dropFlowHookSecret',
  method: 'delete',
  path: '/api/v1/:workspace/flows/:key/hook-secret',
  summary: { en: 'Take no more messages for a flow', zh: '停止接收流程消息' },
  access: right,
  params: Flow,
  output: Type.Object({ dropped: Type.Boolean() }),
  async handle({ services, served }, { params }) {
    return { body: { dropped: await dropHookSecret(services, served, params.key) } }
  },
})
