import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { QueryConfig } from 'pg'
import type { Services } from '../services.ts'
import { virtualFlag } from './job.ts'

/** What a transaction wants of the queue: a job, or that the one of this key is not needed any more. */
export type JobOrder =
  | { readonly key: string }
  | {
      readonly job: string
      readonly payload: JsonObject
      readonly key: string | null
      /** Not before this instant; null: at once. */
      readonly run_at: string | null
      readonly max_attempts: number
      readonly priority: number
      readonly flag?: string
      /** A job of this key that waits already keeps its time. */
      readonly patient?: true
    }

/** Of several orders under one key the last counts; all travel as one statement. As the engine, or the owner. */
export function orderStatement(orders: readonly JobOrder[]): QueryConfig {
  const last = new Map(orders.map((order, at) => [order.key ?? at, order]))
  return {
    name: 'cw_order_jobs',
    text: 'SELECT channelwright.order_jobs($1::jsonb)',
    values: [JSON.stringify([...last.values()])],
  }
}

/** How long those who would wake workers wait for each other, in ms. */
const gatherFor = 5
const gathering = new WeakMap<Services, { count: number }>()

/** Wakes idle workers for jobs that were ordered and may begin. A hint only: what it misses their next poll finds. */
export function wakeForOrders(services: Services, orders: readonly JobOrder[]): void {
  const count = orders.filter(
    (order) => 'job' in order && order.run_at === null && order.flag !== virtualFlag,
  ).length
  if (count > 0) wakeWorkers(services, count)
}

/** Wakes so many idle workers, of all servers. */
export function wakeWorkers(services: Services, count: number): void {
  const waiting = gathering.get(services)
  if (waiting) {
    waiting.count += count
    return
  }
  const gathered = { count }
  gathering.set(services, gathered)
  setTimeout(() => {
    gathering.delete(services)
    services.owner
      .query('SELECT pg_notify($1, $2)', ['jobs:insert', JSON.stringify({ r: 0, count: gathered.count })])
      .catch((error: unknown) => services.log.debug({ err: error }, 'Workers could not be woken'))
  }, gatherFor).unref()
}
