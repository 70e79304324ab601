import { createApp, listen, stopListening } from '@channelwright/server/app.ts'
import type { Services } from '@channelwright/server/services.ts'
import type { FakeClock } from './clock.ts'
import { openTestServices, type TestServices } from './services.ts'

export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly services: Services
  readonly clock: FakeClock
  readonly databaseUrl: string
  close(): Promise<void>
}

/** The real app on a free port, with a database of its own. Close it in `afterAll`. */
export async function startTestServer(options: { clock?: FakeClock } = {}): Promise<TestServer> {
  const opened: TestServices = await openTestServices(options)
  const app = createApp(opened.services)
  const { server, port } = await listen(app, 0)
  return {
    url: `http://127.0.0.1:${port}`,
    services: opened.services,
    clock: opened.clock,
    databaseUrl: opened.url,
    async close() {
      await stopListening(app, server, 1_000)
      await app.close()
      await opened.close()
    },
  }
}
