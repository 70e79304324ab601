import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@channelwright/server/db/embedded.ts'
import { withClient } from '../support/database.ts'

/** An empty database of one's own: on TEST_DATABASE_URL, else on an embedded Postgres that is started for it. */
export async function openBenchDatabase(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const mark = randomBytes(4).toString('hex')
  const dir = join(tmpdir(), `cw-bench-${mark}`)
  const given = process.env.TEST_DATABASE_URL
  // Not disposable: a database that may lose a commit would flatter every figure.
  const embedded = given ? null : await startEmbedded({ dir, password: mark })
  const url = new URL(given ?? embedded!.url)
  const name = `cw_bench_${mark}`
  await withClient(url.href, (client) => client.query(`CREATE DATABASE ${name}`))
  const own = new URL(url)
  own.pathname = `/${name}`
  return {
    url: own.href,
    async close() {
      if (embedded) {
        await embedded.stop()
        await rm(dir, { recursive: true, force: true })
        return
      }
      await withClient(url.href, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}
