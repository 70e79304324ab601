import { timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Services } from './services.ts'

export interface Metrics {
  observe(method: string, route: string, status: number, seconds: number): void
  /** `/metrics`: for the machine itself, or with the token of CW_METRICS_TOKEN. */
  handle(request: Request, response: Response): void
}

export function createMetrics({
  config,
  login,
  owner,
  queue,
}: Pick<Services, 'config' | 'login' | 'owner' | 'queue'>): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'channelwright_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  new Gauge({
    name: 'channelwright_database_connections',
    help: 'Connections by pool and state',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries({ login, owner, queue })) {
        this.set({ pool, state: 'busy' }, totalCount - idleCount)
        this.set({ pool, state: 'idle' }, idleCount)
        this.set({ pool, state: 'waited_for' }, waitingCount)
      }
    },
  })
  return {
    observe(method, route, status, seconds) {
      durations.observe({ method, route, status }, seconds)
    },
    handle(request, response) {
      if (!mayRead(request, config.metricsToken)) {
        response.status(404).end()
        return
      }
      registry.metrics().then(
        (text) => response.type(registry.contentType).send(text),
        () => response.status(500).end(),
      )
    },
  }
}

function mayRead(request: Request, token: string | null): boolean {
  const given = Buffer.from(request.get('authorization') ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  if (token && given.length === wanted.length && timingSafeEqual(given, wanted)) return true
  // Behind a proxy on this machine every caller would look local.
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip ?? '') && !request.get('x-forwarded-for')
  )
}
