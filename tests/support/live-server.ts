import { createApp, listen, stopListening } from '@channelwright/server/app.ts'
import { composeServices, createLogger } from '@channelwright/server/compose.ts'
import { startJobWorker } from '@channelwright/server/jobs/worker.ts'
import type { Services } from '@channelwright/server/services.ts'
import { openTestDatabase } from './database.ts'
import { testConfig } from './services.ts'

export interface LiveServer {
  readonly url: string
  readonly services: Services
  close(): Promise<void>
}

/** The whole program in real time, background jobs included, on a database of its own: for stories in a browser. */
export async function startLiveServer(): Promise<LiveServer> {
  const database = await openTestDatabase()
  const log = createLogger({ logLevel: process.env.CW_LOG_LEVEL ?? 'silent' })
  const composed = await composeServices(testConfig(database.url), { connections: 10, log })
  const app = createApp(composed.services)
  const { server, port } = await listen(app, 0)
  // Links of e-mails lead to where this server is heard.
  ;(composed.services.config as { baseUrl: string }).baseUrl = `http://127.0.0.1:${port}`
  const worker = await startJobWorker(composed.services)
  return {
    url: `http://127.0.0.1:${port}`,
    services: composed.services,
    async close() {
      await worker.stop()
      await stopListening(app, server, 1_000)
      await app.close()
      await composed.close()
      await database.close()
    },
  }
}
