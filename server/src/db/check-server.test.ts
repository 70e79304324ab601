import { describe, expect, inject, test } from 'vitest'
import { withClient } from '../../../tests/support/database.ts'
import { ConfigError } from '../config.ts'
import { checkServer, checkVersion } from './check-server.ts'

describe('the check of the database server', () => {
  test.each([
    [140_013, '14.13'],
    [90_624, '9.6.24'],
  ])('refuses version number %i and names what it found', (number, version) => {
    expect(() => checkVersion(number, version)).toThrow(ConfigError)
    expect(() => checkVersion(number, version)).toThrow(`PostgreSQL ${version} is too old: 15 or later`)
  })

  test.each([
    [150_000, '15.0'],
    [180_001, '18.1'],
  ])('takes version number %i', (number, version) => {
    expect(() => checkVersion(number, version)).not.toThrow()
  })

  test('takes the server that the tests run on, and says without the password what is wrong with an address', async () => {
    const { url } = inject('postgres')
    await checkServer(url, 0)
    const absent = new URL(url)
    absent.pathname = '/there_is_no_such_database'
    absent.password = 'hush-hush'
    const refusal = await checkServer(absent.href, 0).then(
      () => null,
      (error: Error) => error,
    )
    expect(refusal).toBeInstanceOf(ConfigError)
    expect(refusal?.message).not.toContain('hush-hush')
    await withClient(url, (client) => client.query('SELECT 1'))
  })
})
