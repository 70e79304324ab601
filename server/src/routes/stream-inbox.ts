import { streamsTooMany } from '@channelwright/runtime/errors/http.ts'
import Type from 'typebox'
import { inUnit } from '../db/unit.ts'
import { administrators, watchFlow } from '../flows/hints.ts'
import { readInboxState } from '../flows/inbox.ts'
import { administersFlows } from '../flows/incidents.ts'
import { ForWhom, streamEvents, streamHeaders } from './event-stream.ts'
import { defineRoute } from './route.ts'

export const streamInbox = defineRoute({
  name: 'streamInbox',
  method: 'get',
  path: '/api/v1/:workspace/inbox/events',
  summary: {
    en: 'What waits for me, as it changes (server-sent events; go on with Last-Event-ID)',
    zh: '待办变化实时推送(SSE,支持 Last-Event-ID 续传)',
  },
  access: 'member',
  query: ForWhom,
  output: Type.Unknown(),
  produces: 'text/event-stream',
  errors: [streamsTooMany],
  async handle(context) {
    const { services, served, actor, request } = context
    let told = request.get('last-event-id') ?? ''
    const body = streamEvents(context, {
      // A hint is told even where nothing that is counted has changed: a case of theirs went on.
      async read(reader, isHinted) {
        const state = await inUnit(services, reader.served, reader.actor, readInboxState, { readOnly: true })
        const { rev, ...counts } = state
        if (rev === told && !isHinted) return []
        told = rev
        return [{ id: rev, name: 'counts', data: counts }]
      },
      watch: (look) => {
        const stops = [actor.user, ...(administersFlows(served, actor) ? [administrators] : [])].map((user) =>
          watchFlow(services, served.workspace.key, { user }, look),
        )
        return () => {
          for (const stop of stops) stop()
        }
      },
    })
    return { headers: streamHeaders, body }
  },
})
