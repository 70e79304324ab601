import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Composed,
  type ComposeOptions,
  composeServices,
  createLogger,
} from '@channelwright/server/compose.ts'
import { type Config, usualFileTypes } from '@channelwright/server/config.ts'
import { createFakeClock, type FakeClock } from './clock.ts'
import { openTestDatabase } from './database.ts'
import { testSecret } from './secret.ts'

export interface TestServices extends Composed {
  readonly clock: FakeClock
  readonly url: string
}

/** The program's parts on a database of one's own, with a clock that stands still. Close it in `afterAll`. */
export async function openTestServices(
  options: ComposeOptions & { clock?: FakeClock } = {},
): Promise<TestServices> {
  const database = await openTestDatabase()
  const clock = options.clock ?? createFakeClock()
  const composed = await composeServices(testConfig(database.url), {
    log: createLogger({ logLevel: process.env.CW_LOG_LEVEL ?? 'silent' }),
    ...options,
    clock,
  })
  return {
    ...composed,
    clock,
    url: database.url,
    async close() {
      await composed.close()
      await database.close()
    },
  }
}

/** Settings of a test server on that database. */
export function testConfig(databaseUrl: string): Config & { readonly databaseUrl: string } {
  return {
    port: 0,
    dataDir: 'data',
    databaseUrl,
    connections: 10,
    secret: testSecret,
    production: false,
    baseUrl: 'http://localhost:4000',
    logLevel: 'silent',
    metricsToken: null,
    webhookHosts: [],
    trustedProxies: 0,
    smtpUrl: null,
    mailFrom: 'Channelwright <no-reply@localhost>',
    filesDir: join(tmpdir(), 'cw-test-files'),
    fileLimit: 2 * 1024 * 1024,
    fileTypes: usualFileTypes,
    keepFilesDays: 30,
  }
}
