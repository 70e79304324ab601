import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '../../../tests/support/database.ts'
import { startEmbedded } from './embedded.ts'

const password = 'only for this test'
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'cw-embedded-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const start = () => startEmbedded({ dir, password, disposable: true })
const pidFile = () => join(dir, 'postgres', 'postmaster.pid')
const readPid = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0])

describe('the embedded Postgres', () => {
  test('keeps its data from one start to the next and stops cleanly', async () => {
    const first = await start()
    await withClient(first.url, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS one'))
    await first.stop()
    expect(existsSync(pidFile())).toBe(false)
    const second = await start()
    const { rows } = await withClient(second.url, (client) => client.query('SELECT one FROM kept'))
    expect(rows).toEqual([{ one: 1 }])
    await second.stop()
  })

  test('listens on the loopback address only and wants the password', async () => {
    const running = await start()
    const { rows } = await withClient(running.url, (client) => client.query('SHOW listen_addresses'))
    expect(rows).toEqual([{ listen_addresses: '127.0.0.1' }])
    const wrong = new URL(running.url)
    wrong.password = 'wrong'
    await expect(withClient(wrong.href, async () => 1)).rejects.toMatchObject({ code: '28P01' })
    await running.stop()
  })

  test('is taken over when the process that started it was killed, and shared while that one lives', async () => {
    const first = await start()
    // Another process that lives stands in for the server that started it.
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(join(dir, 'postgres.pid'), String(owner.pid))
    const guest = await start()
    expect(guest).toMatchObject({ url: first.url, own: false })
    await guest.stop()
    await withClient(first.url, (client) => client.query('SELECT 1'))

    owner.kill('SIGKILL')
    await new Promise((resolve) => owner.once('exit', resolve))
    const heir = await start()
    expect(heir).toMatchObject({ url: first.url, own: true })
    await heir.stop()
    expect(existsSync(pidFile())).toBe(false)
  })

  test('is started again at the same address when it dies, with its data, and stops cleanly after that', async () => {
    const running = await start()
    const before = readPid()
    process.kill(before, 'SIGKILL')
    const rows = await vi.waitFor(
      async () => (await withClient(running.url, (client) => client.query('SELECT one FROM kept'))).rows,
      { timeout: 20_000, interval: 250 },
    )
    expect(rows).toEqual([{ one: 1 }])
    expect(readPid()).not.toBe(before)
    await running.stop()
    expect(existsSync(pidFile())).toBe(false)
  })

  test('clears a lock file whose process number belongs to somebody else by now', async () => {
    const port = '1'
    writeFileSync(pidFile(), [process.ppid, join(dir, 'postgres'), '0', port, '', '127.0.0.1', ''].join('\n'))
    const running = await start()
    await withClient(running.url, (client) => client.query('SELECT 1'))
    await running.stop()
  })
})
