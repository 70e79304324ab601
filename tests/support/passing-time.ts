import { drainJobs, nextJobAt } from '@channelwright/server/jobs/drain-jobs.ts'
import type { TestServer } from './server.ts'

export interface PassingTime {
  /** Moves the server's clock on; what falls due on the way happens at its own time. */
  pass(by: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): Promise<void>
  stop(): Promise<void>
}

/** How long between two looks at background work: people at their screens don't notice. */
const pause = 60

/** Does the background work of workspaces of a server under a virtual clock, while people use it in their browsers. */
export function letTimePass({ services, clock }: TestServer, workspaces: readonly string[]): PassingTime {
  let stopped = false
  let last: Promise<unknown> = Promise.resolve()
  /** One at a time: two that drained together would do a job twice. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
  const drain = async () => {
    for (const workspace of workspaces) await drainJobs(services, workspace)
  }
  const loop = (async () => {
    while (!stopped) {
      await alone(drain)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  })()
  return {
    pass: ({ days = 0, hours = 0, minutes = 0 }) =>
      alone(async () => {
        await drain()
        const goal = Date.parse(clock.now()) + ((days * 24 + hours) * 60 + minutes) * 60_000
        for (;;) {
          const due = await Promise.all(workspaces.map((key) => nextJobAt(services, key)))
          const next = Math.min(...due.map((at) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at))))
          if (next > goal) break
          clock.set(new Date(Math.max(next, Date.parse(clock.now()))).toISOString())
          await drain()
        }
        clock.set(new Date(goal).toISOString())
        await drain()
      }),
    async stop() {
      stopped = true
      await loop
    },
  }
}
