import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@channelwright/server/compose.ts'
import { startEmbedded } from '@channelwright/server/db/embedded.ts'
import { migrateDatabase } from '@channelwright/server/db/migrate.ts'
import type { TestProject } from 'vitest/node'
import { withClient } from './database.ts'
import { testSecret } from './secret.ts'

/**
 * Vitest's global setup: one Postgres for the run (TEST_DATABASE_URL when set, else the embedded one) and one migrated
 * template database that each test file clones.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = randomBytes(4).toString('hex')
  const dir = join(tmpdir(), `cw-test-${run}`)
  const given = process.env.TEST_DATABASE_URL
  const embedded = given ? null : await startEmbedded({ dir, password: run, disposable: true })
  const url = given ?? embedded!.url
  const template = `cw_template_${run}`
  try {
    await withClient(url, (client) => client.query(`CREATE DATABASE ${template}`))
    const own = new URL(url)
    own.pathname = `/${template}`
    await migrateDatabase(own.href, testSecret, createLogger({ logLevel: 'silent' }))
  } catch (error) {
    await embedded?.stop()
    throw error
  }
  project.provide('postgres', { url, template })
  return async () => {
    if (embedded) {
      await embedded.stop()
      await rm(dir, { recursive: true, force: true })
      return
    }
    await withClient(url, async (client) => {
      const own = new URL(url)
      own.pathname = `/${template}`
      const login = await withClient(own.href, async (inside) => {
        const { rows } = await inside.query<{ id: string }>('SELECT id FROM channelwright.installation')
        return `cw_${rows[0]!.id}_login`
      })
      await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
      await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(login)}`)
    })
  }
}
