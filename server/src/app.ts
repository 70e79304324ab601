import { createServer, type Server } from 'node:http'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { addressUnknown, methodUnknown } from '@channelwright/runtime/errors/http.ts'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { createIdentity } from './auth/identity.ts'
import { createPeople, type People } from './auth/people.ts'
import { createMetrics } from './metrics.ts'
import { endStreams } from './routes/event-stream.ts'
import { createFinder } from './routes/find-route.ts'
import { routeList } from './routes/index.ts'
import { idOf, serveRoute } from './routes/pipeline.ts'
import { chooseLocale, sendProblem } from './routes/problem.ts'
import type { Route } from './routes/route.ts'
import { serveScreens } from './screens.ts'
import type { Services } from './services.ts'

export interface App {
  readonly express: Express
  readonly people: People
  /** False while starting or stopping: `/readyz` says so, load balancers look elsewhere. */
  ready: boolean
  /** Ends what would be answered for ever. */
  endStreams(): void
  close(): Promise<void>
}

/** Express with everything in the order a request meets it; errors last. */
export function createApp(services: Services): App {
  const { config, log } = services
  const people = createPeople(services, createIdentity(services))
  const metrics = createMetrics(services)
  const server = express()
  const app: App = {
    express: server,
    people,
    ready: false,
    endStreams: () => endStreams(services),
    async close() {
      app.ready = false
      await people.close()
    },
  }

  server.disable('x-powered-by')
  server.set('trust proxy', config.trustedProxies)
  server.set('query parser', 'simple')
  server.use(protect(config.baseUrl.startsWith('https:')))
  server.use((request, response, next) => {
    const id = idOf(response)
    const started = process.hrtime.bigint()
    response.on('finish', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      const route = response.locals.route ?? request.route?.path
      metrics.observe(
        request.method,
        typeof route === 'string' ? route : 'other',
        response.statusCode,
        seconds,
      )
      log.debug(
        { request: id, method: request.method, path: request.path, status: response.statusCode, seconds },
        'answered',
      )
    })
    next()
  })

  server.get('/healthz', (_request, response) => void response.json({ alive: true }))
  server.get('/readyz', (_request, response) => void answerReady(app, services, response))
  server.get('/metrics', metrics.handle)
  server.use(serveRoutes(services, people))
  serveScreens(server)

  server.use((request: Request, response: Response) => {
    const allowed = allowedMethods(routeList, request.path)
    const refusal = allowed.length
      ? new Refusal(methodUnknown, { method: request.method, allowed: allowed.join(', ') })
      : new Refusal(addressUnknown)
    if (allowed.length) response.setHeader('Allow', allowed.join(', '))
    sendProblem(response, refusal, chooseLocale(request.get('accept-language')), idOf(response), log)
  })
  server.use((error: unknown, request: Request, response: Response, _next: () => void) => {
    // Express and its static files refuse addresses that can't be decoded or name no file.
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
    const known =
      error instanceof URIError || (status >= 400 && status < 500) ? new Refusal(addressUnknown) : error
    sendProblem(response, known, chooseLocale(request.get('accept-language')), idOf(response), log)
  })
  return app
}

/**
 * Scripts come from here alone and never from text: no eval, no inline. Mantine writes style elements, so styles may
 * stand inline.
 */
function protect(secure: boolean): RequestHandler {
  const setAll = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'script-src-attr': ["'none'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'worker-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        ...(secure ? { 'upgrade-insecure-requests': [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
  })
  // They are the same for every answer, so helmet is asked once and not by its dozen middlewares each time.
  const headers = new Map<string, string>()
  const listener = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  }
  setAll({} as Request, listener as unknown as Response, () => undefined)
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    next()
  }
}

async function answerReady(app: App, services: Services, response: Response): Promise<void> {
  try {
    if (!app.ready) throw new Error('starting or stopping')
    await services.owner.query('SELECT 1')
    response.json({ ready: true })
  } catch {
    response.status(503).json({ ready: false })
  }
}

/** All routes behind one table: express would try them in turn, which for the last ones costs more than their work. */
function serveRoutes(services: Services, people: People): RequestHandler {
  const find = createFinder(
    routeList.map((route) => ({
      method: route.method,
      path: route.path,
      serve: serveRoute(route, services, people),
    })),
  )
  return (request, response, next) => {
    const found = find(request.method, request.path)
    if (!found) return next()
    request.params = found.params
    response.locals.route = found.route.path
    return found.route.serve(request, response, next)
  }
}

function allowedMethods(list: readonly Route[], path: string): string[] {
  const wanted = path.split('/')
  const fits = (route: Route) => {
    const parts = route.path.split('/')
    return (
      parts.length === wanted.length && parts.every((part, at) => part.startsWith(':') || part === wanted[at])
    )
  }
  return [...new Set(list.filter(fits).map((route) => route.method.toUpperCase()))].sort()
}

/** Listens and answers with the port, which is the asked one unless that was 0. */
export async function listen(app: App, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer(app.express)
  // Longer than a load balancer keeps a connection, so that it never meets one being closed.
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, resolve)
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no address')
  app.ready = true
  return { server, port: address.port }
}

/** Takes no new connections, lets requests in flight end, then cuts what is left. */
export async function stopListening(app: App, server: Server, patience = 10_000): Promise<void> {
  app.ready = false
  const closed = new Promise((resolve) => server.close(resolve))
  app.endStreams()
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearTimeout(timer)
}
