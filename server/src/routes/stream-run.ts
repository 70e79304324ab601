import { flowRunUnknown } from '@channelwright/runtime/errors/flows.ts'
import { streamsTooMany } from '@channelwright/runtime/errors/http.ts'
import Type from 'typebox'
import type { Member } from '../auth/people.ts'
import { inUnit } from '../db/unit.ts'
import { watchFlow } from '../flows/hints.ts'
import { eventsSince } from '../flows/runs.ts'
import { ForWhom, streamEvents, streamHeaders } from './event-stream.ts'
import { OneRun } from './flow-shapes.ts'
import { defineRoute } from './route.ts'

export const streamRun = defineRoute({
  name: 'streamRun',
  method: 'get',
  path: '/api/v1/:workspace/runs/:id/events',
  summary: {
    en: 'What happens in a case, as it happens (server-sent events; go on with Last-Event-ID)',
    zh: '流程过程实时推送(SSE,支持 Last-Event-ID 续传)',
  },
  access: 'member',
  params: OneRun,
  query: ForWhom,
  output: Type.Unknown(),
  produces: 'text/event-stream',
  errors: [flowRunUnknown, streamsTooMany],
  async handle(context, { params }) {
    const { services, served, request } = context
    const said = request.get('last-event-id') ?? ''
    let last = /^\d{1,18}$/.test(said) ? said : '0'
    const ask = ({ served, actor }: Member) =>
      inUnit(services, served, actor, (unit) => eventsSince(unit, params.id, last), { readOnly: true })
    // Refused before the stream begins, as any other request for what one may not see.
    await ask(context)
    const body = streamEvents(context, {
      async read(reader) {
        const { events, upTo } = await ask(reader)
        last = upTo
        return events.map(({ id, ...entry }) => ({ id, name: entry.type, data: entry }))
      },
      watch: (look) => watchFlow(services, served.workspace.key, { run: params.id }, look),
    })
    return { headers: streamHeaders, body }
  },
})
