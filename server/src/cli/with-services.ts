import { composeServices, createLogger } from '../compose.ts'
import { readConfig, readSecrets } from '../config.ts'
import { checkServer } from '../db/check-server.ts'
import { startEmbedded } from '../db/embedded.ts'
import type { Services } from '../services.ts'

/**
 * Runs a command's work on the same data as the server: DATABASE_URL, or the embedded Postgres, which is shared with
 * a running server and else started for as long as the work takes.
 */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const config = readConfig()
  const log = createLogger(config)
  const embedded = config.databaseUrl
    ? null
    : await startEmbedded({ dir: config.dataDir, password: readSecrets(config.dataDir).postgresPassword })
  try {
    const databaseUrl = config.databaseUrl ?? embedded!.url
    await checkServer(databaseUrl)
    const composed = await composeServices({ ...config, databaseUrl }, { log, connections: 8 })
    try {
      return await work(composed.services)
    } finally {
      await composed.close()
    }
  } finally {
    await embedded?.stop()
  }
}
