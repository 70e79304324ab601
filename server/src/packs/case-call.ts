import { createHmac } from 'node:crypto'
import { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { CaseStep } from '@channelwright/runtime/definition/case.ts'
import { suggest } from '@channelwright/runtime/fields/suggest.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Request, Response } from 'express'
import type { Identity } from '../auth/identity.ts'
import type { People } from '../auth/people.ts'
import { CaseFailure, failed } from './case-failure.ts'
import { keepParts } from './case-parts.ts'
import { resolveValue, resolveValues } from './case-values.ts'
import type { CaseWorld } from './case-world.ts'

type Call = NonNullable<CaseStep['call']>

/** Asks one of the server's routes, with all that stands before it: addresses, rights, body. Answers with its body. */
export async function callRoute(
  world: CaseWorld,
  by: string | undefined,
  call: Call,
  pointer: string,
): Promise<Json> {
  // The routes run cases themselves; only cases that call need them.
  const [{ routeList }, { answerRoute }] = await Promise.all([
    import('../routes/index.ts'),
    import('../routes/pipeline.ts'),
  ])
  const route = routeList.find((one) => one.name === call.route)
  if (route === undefined) {
    const { known } = suggest(
      call.route,
      routeList.map((one) => one.name),
    )
    throw failed({ en: 'A route of the server', zh: '服务器接口' }, known, call.route, `${pointer}/route`)
  }
  // What people of a workspace write stands in its schema. What its designers and others write does not: drafts, members.
  if (route.method !== 'get' && route.access !== 'member') world.change()
  const params = texts({
    workspace: world.workspace.key,
    ...(await resolveValues(world, call.params ?? {}, `${pointer}/params`)),
  })
  const query = texts(await resolveValues(world, call.query ?? {}, `${pointer}/query`))
  const headers = texts(await resolveValues(world, call.headers ?? {}, `${pointer}/headers`))
  const body =
    call.body === undefined ? undefined : await resolveValue(world, call.body as Json, `${pointer}/body`)
  const sent = call.content ?? { type: 'application/json' }
  const bytes = call.content
    ? contentOf(call.content)
    : Buffer.from(body === undefined ? '' : JSON.stringify(body))
  if (call.sign) {
    const { header, secret, prefix = '' } = call.sign
    headers[header] = `${prefix}${createHmac('sha256', secret).update(bytes).digest('hex')}`
  }
  if (call.webhook) {
    const secret = String(await resolveValue(world, call.webhook.secret, `${pointer}/webhook/secret`))
    const at = String(Math.floor(Date.parse(world.clock.now()) / 1000))
    const signed = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${call.webhook.id}.${at}.`)
      .update(bytes)
      .digest('base64')
    Object.assign(headers, {
      'webhook-id': call.webhook.id,
      'webhook-timestamp': at,
      'webhook-signature': `v1,${signed}`,
    })
  }
  const request = makeRequest(route.method, route.path, { params, query, headers, type: sent.type, bytes })
  const response = new ServerResponse(request) as unknown as Response
  const reply = await answerRoute(
    route,
    world.services,
    createCasePeople(world, by, pointer),
    request,
    response,
  )
  const answered = await readReply(reply.body)
  keepParts(world, answered, call.keep ?? {}, `${pointer}/keep`)
  return answered
}

/** Addresses and headers are text; `$rev` under If-Match is meant as its entity tag. */
function texts(values: Readonly<Record<string, Json>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' && name.toLowerCase() === 'if-match' ? `"${value}"` : String(value),
    ]),
  )
}

function contentOf({ text = '', base64 }: NonNullable<Call['content']>): Buffer {
  return base64 === undefined ? Buffer.from(text, 'utf8') : Buffer.from(base64, 'base64')
}

interface Asked {
  readonly params: Record<string, string>
  readonly query: Record<string, string>
  readonly headers: Record<string, string>
  readonly type: string
  readonly bytes: Buffer
}

/** What the pipeline reads of a request of express. */
function makeRequest(method: string, path: string, { params, query, headers, type, bytes }: Asked): Request {
  const sent = {
    ...(bytes.length > 0 ? { 'content-type': type, 'content-length': String(bytes.length) } : {}),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  } as Record<string, string>
  const request = Object.assign(Readable.from(bytes.length > 0 ? [bytes] : []), {
    method: method.toUpperCase(),
    originalUrl: path.replace(/:(\w+)/g, (whole, name: string) => params[name] ?? whole),
    host: 'case.invalid',
    params,
    query,
    headers: sent,
    get: (name: string) => sent[name.toLowerCase()],
  })
  return request as unknown as Request
}

/** The person of the step is who asks; nobody is a stranger. Sessions are no matter of cases. */
function createCasePeople(world: CaseWorld, by: string | undefined, pointer: string): People {
  return {
    get identity(): Identity {
      throw new CaseFailure(
        { en: `Sessions are no part of cases (at ${pointer})`, zh: `用例不涉及登录会话(位置 ${pointer})` },
        pointer,
      )
    },
    async person() {
      if (by === undefined) return null
      const { user, name, email, locale } = await world.actor(await world.served(), by, `${pointer}/by`)
      return { user, name, email, locale }
    },
    async member(_request, workspace) {
      if (by === undefined) return 'stranger'
      if (workspace !== world.workspace.key) return 'outsider'
      const served = await world.served()
      return { served, actor: await world.actor(served, by, `${pointer}/by`) }
    },
    forget: () => undefined,
    close: async () => undefined,
  }
}

async function readReply(body: unknown): Promise<Json> {
  if (body instanceof Readable) return text(body)
  if (Buffer.isBuffer(body)) return body.toString('utf8')
  return body === undefined ? null : (JSON.parse(JSON.stringify(body)) as Json)
}
