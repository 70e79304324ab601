import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { watchFlow } from '../flows/hints.ts'
import { countInbox } from '../flows/inbox.ts'
import { streamEvents, streamHeaders } from './event-stream.ts'
import { defineRoute } from './route.ts'

export const streamInbox = defineRoute({
  name: 'streamInbox',
  method: 'get',
  path: '/api/v1/:workspace/inbox/events',
  summary: { en: 'What waits for me, as it changes (server-sent events)', zh: '待办数量实时推送(SSE)' },
  access: 'member',
  output: Type.Unknown(),
  produces: 'text/event-stream',
  async handle(context) {
    const { services, served, actor } = context
    let told = ''
    const body = streamEvents(context, {
      async read() {
        const counts = await inUnit(services, served, actor, countInbox, { readOnly: true })
        const text = JSON.stringify(counts)
        if (text === told) return []
        told = text
        return [{ name: 'counts', data: counts }]
      },
      watch: (look) => watchFlow(services, served.workspace.key, { user: actor.user }, look),
    })
    return { headers: streamHeaders, body }
  },
})
