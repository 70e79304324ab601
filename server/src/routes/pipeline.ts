import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { originRefused } from '@channelwright/runtime/errors/http.ts'
import {
  rightMissing,
  sessionOfAnother,
  signInNeeded,
  workspaceEmpty,
  workspaceUnknown,
} from '@channelwright/runtime/errors/identity.ts'
import type { Request, RequestHandler, Response } from 'express'
import { mayDo } from '../access/platform-rights.ts'
import type { People, Person } from '../auth/people.ts'
import type { Actor, ServedRelease, Services, Workspace } from '../services.ts'
import { chooseLocale, sendProblem } from './problem.ts'
import { readBody } from './read-body.ts'
import type { Reply, Route, RouteContext } from './route.ts'
import { checkInput, compileRoute, type RouteChecks, readAddress } from './validate-input.ts'

/** What access found out on the way to the handler. */
interface Found {
  person?: Person
  workspace?: Workspace
  served?: ServedRelease
  actor?: Actor
}

/**
 * A route as an express handler: parameters and query checked, access, body read and checked, handled, answered.
 * The body is read last, so that a stranger can't make the server read one.
 */
export function serveRoute(route: Route, services: Services, people: People): RequestHandler {
  const checks = compileRoute(route)
  return async (request, response) => {
    const found: Found = {}
    try {
      const reply = await answer(route, checks, services, people, request, response, found)
      await send(request, response, reply, route.success)
    } catch (error) {
      const own = found.actor?.locale ?? found.person?.locale
      sendProblem(
        response,
        error,
        chooseLocale(request.get('accept-language'), own),
        idOf(response),
        services.log,
      )
    }
  }
}

/** What a route answers to a request that came by another way than express; refuses by throwing. */
export function answerRoute(
  route: Route,
  services: Services,
  people: People,
  request: Request,
  response: Response,
): Promise<Reply<unknown>> {
  return answer(route, compileRoute(route), services, people, request, response, {})
}

async function answer(
  route: Route,
  checks: RouteChecks,
  services: Services,
  people: People,
  request: Request,
  response: Response,
  found: Found,
): Promise<Reply<unknown>> {
  const params = readAddress(route.params, request.params)
  const query = readAddress(route.query, request.query as Record<string, unknown>)
  if (route.method !== 'get') refuseForeignOrigin(request)
  await admit(route, services, people, request, found)
  checkInput('params', checks.params, params)
  checkInput('query', checks.query, query)
  const body = route.body ? await readBody(request, route.bodyLimit) : undefined
  checkInput('body', checks.body, body)
  const context = createContext(services, people, request, response, found)
  return route.handle(context, { params, query, body } as never)
}

/** Cookies travel with requests of other sites' pages too; a page of ours sends our origin. */
function refuseForeignOrigin(request: Request) {
  if (request.get('sec-fetch-site') === 'cross-site') throw new Refusal(originRefused)
  const origin = request.get('origin')
  if (origin && URL.canParse(origin) && new URL(origin).host !== request.host)
    throw new Refusal(originRefused)
}

async function admit(
  route: Route,
  services: Services,
  people: People,
  request: Request,
  found: Found,
): Promise<void> {
  if (route.access === 'public') {
    const key = request.params.workspace
    if (typeof key === 'string') found.workspace = await services.releases.workspace(key)
    return
  }
  if (route.access === 'user') {
    const person = await people.person(request)
    if (!person) throw new Refusal(signInNeeded)
    refuseAnother(route, request, person.user)
    found.person = person
    return
  }
  const key = String(request.params.workspace)
  const entry = await people.member(request, key)
  if (entry === 'stranger') throw new Refusal(signInNeeded)
  if (entry === 'outsider') throw new Refusal(workspaceUnknown)
  if (entry === 'empty') throw new Refusal(workspaceEmpty)
  refuseAnother(route, request, entry.actor.user)
  found.workspace = entry.served.workspace
  found.served = entry.served
  found.actor = entry.actor
  if (typeof route.access === 'object' && !mayDo(entry.served.release, entry.actor.roles, route.access.right))
    throw new Refusal(rightMissing, { right: route.access.right })
}

/**
 * A page says for whom it was opened. The cookie is the whole browser's: when somebody else signs in in another tab,
 * what this page holds must not be sent under that name. A stream, which browsers open without headers of ours and
 * again by themselves, says it in its address.
 */
function refuseAnother(route: Route, request: Request, user: string) {
  const inAddress = route.produces === 'text/event-stream' ? request.query.user : undefined
  for (const claimed of [request.get('x-cw-user'), inAddress])
    if (claimed !== undefined && claimed !== user) throw new Refusal(sessionOfAnother)
}

function createContext(
  services: Services,
  people: People,
  request: Request,
  response: Response,
  found: Found,
): RouteContext {
  const need = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw new Error(`the access of this route does not promise "${name}"`)
    return value
  }
  return {
    services,
    people,
    request,
    response,
    get person() {
      return need('person', found.person)
    },
    get workspace() {
      return need('workspace', found.workspace)
    },
    get served() {
      return need('served', found.served)
    },
    get actor() {
      return need('actor', found.actor)
    },
    locale: chooseLocale(request.get('accept-language'), found.actor?.locale ?? found.person?.locale),
  }
}

async function send(
  request: Request,
  response: Response,
  reply: Reply<unknown>,
  success = 200,
): Promise<void> {
  if (response.headersSent) return
  response.status(reply.status ?? success)
  // Answers hold one person's view; a shared cache must never keep one.
  response.setHeader('Cache-Control', 'private, no-cache')
  response.setHeader('Vary', 'Cookie')
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  const { body } = reply
  if (body === undefined || response.statusCode === 204) response.end()
  else if (body instanceof Readable) {
    if (request.method === 'HEAD') response.end()
    else await pipeline(body, response)
  } else if (Buffer.isBuffer(body) || (typeof body === 'string' && reply.headers?.['Content-Type']))
    response.send(body)
  else if (reply.headers?.ETag !== undefined && !isConditional(request)) {
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.end(JSON.stringify(body))
  } else response.json(body)
}

/**
 * Whether there is something for express to find out about an answer that names its own ETag: whether the caller
 * holds it already, or how long what is not sent would be.
 */
function isConditional(request: Request): boolean {
  return request.headers['if-none-match'] !== undefined || request.method === 'HEAD'
}

/** The number under which a request is found in the logs; given to the caller too. */
export function idOf(response: Response): string {
  const known = response.getHeader('X-Request-Id')
  if (typeof known === 'string') return known
  const id = randomUUID()
  response.setHeader('X-Request-Id', id)
  return id
}
