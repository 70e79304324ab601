import type { ClientRelease } from '@channelwright/runtime/api/records.ts'
import Type from 'typebox'
import { clientRelease } from '../records/client-release.ts'
import { defineRoute, type Reply } from './route.ts'

const Definitions = Type.Record(Type.String(), Type.Unknown())

export const getClientRelease = defineRoute({
  name: 'getClientRelease',
  method: 'get',
  path: '/api/v1/:workspace/release',
  summary: { en: 'The definitions that my screens are drawn from', zh: '界面所用的定义' },
  access: 'member',
  output: Type.Unsafe<ClientRelease>(
    Type.Object({
      number: Type.Integer(),
      objects: Definitions,
      forms: Definitions,
      views: Definitions,
      flows: Definitions,
      plans: Definitions,
      rules: Definitions,
      calendars: Definitions,
    }),
  ),
  idempotent: true,
  async handle({ request, served, actor }): Promise<Reply<ClientRelease>> {
    const { text, etag } = clientRelease(served, actor)
    if (request.get('if-none-match') === etag)
      return { status: 304, headers: { ETag: etag }, body: undefined as never }
    // Sent as the text it was made as: turning it into an object again would only cost time.
    const headers = { ETag: etag, 'Content-Type': 'application/json; charset=utf-8' }
    return { headers, body: Buffer.from(text) as unknown as ClientRelease }
  },
})
