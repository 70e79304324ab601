import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServices, type TestServices } from './services.ts'

let opened: TestServices
beforeAll(async () => {
  opened = await openTestServices()
})
afterAll(() => opened.close())

test('the login role can connect and read nothing', async () => {
  const { login } = opened.services
  const { rows } = await login.query(
    'SELECT current_user AS name, pg_has_role(current_user, $1, $2) AS member',
    ['pg_read_all_data', 'MEMBER'],
  )
  expect(rows[0]).toEqual({ name: `cw_${opened.services.installation}_login`, member: false })
  await expect(login.query('SELECT * FROM channelwright.session')).rejects.toMatchObject({ code: '42501' })
})

test('two databases of one server have different roles', async () => {
  const other = await openTestServices()
  expect(other.services.installation).not.toBe(opened.services.installation)
  await other.close()
})
