import { randomBytes } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { withClient } from '../../../tests/support/database.ts'
import { createLogger } from '../compose.ts'
import { migrateDatabase } from './migrate.ts'

test('an owner that is no superuser can migrate, again, and two servers at once', async () => {
  const { url } = inject('postgres')
  const name = `cw_plain_${randomBytes(4).toString('hex')}`
  await withClient(url, async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD 'plain'`)
    await client.query(`CREATE DATABASE ${name} OWNER ${name}`)
  })
  const own = Object.assign(new URL(url), { username: name, password: 'plain', pathname: `/${name}` })
  const migrate = () => migrateDatabase(own.href, 'one secret for both', createLogger({ logLevel: 'silent' }))
  const [first, second] = await Promise.all([migrate(), migrate()])
  expect(first.loginUrl).toBe(second.loginUrl)
  expect([first.ran.length, second.ran.length].sort()[0]).toBe(0)
  const again = await migrate()
  expect(again.ran).toEqual([])
  const { rows } = await withClient(again.loginUrl, (client) =>
    client.query(
      'SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole FROM pg_roles WHERE rolname = current_user',
    ),
  )
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolinherit: false, rolcreaterole: false }])
  await withClient(url, async (client) => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await client.query(`DROP ROLE cw_${first.installation}_login, ${name}`)
  })
})
