import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPublic } from './public-address.ts'
import { sendJson } from './send-json.ts'

describe('the public internet', () => {
  test('ends at loopback, private, link-local and carrier networks, however they are written', () => {
    for (const address of [
      '127.0.0.1',
      '127.8.8.8',
      '10.0.0.5',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.5',
      '64:ff9b::7f00:1',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '2002:7f00:1::',
      '2001:db8::1',
      'localhost',
    ])
      expect(isPublic(address), address).toBe(false)
    for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111'])
      expect(isPublic(address)).toBe(true)
  })
})

describe('sending JSON', () => {
  const calls: { url: string; key: unknown; body: string }[] = []
  let server: Server
  let port = 0
  beforeAll(async () => {
    server = createServer((request, answer) => {
      let body = ''
      request.on('data', (part: Buffer) => {
        body += String(part)
      })
      request.on('end', () => {
        calls.push({ url: request.url ?? '', key: request.headers['idempotency-key'], body })
        if (request.url === '/away') answer.writeHead(302, { location: '/secret' }).end()
        else if (request.url === '/bad') answer.writeHead(500).end('x'.repeat(1_000_000))
        else answer.writeHead(204).end()
      })
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.close()
  })
  const message = (path: string, host = 'localhost') => ({
    url: `http://${host}:${port}${path}`,
    method: 'POST',
    headers: { 'Idempotency-Key': 'k1' },
    body: { amount: '12.50' },
  })

  test('refuses this machine, by name and by number', async () => {
    await expect(sendJson(message('/'), [])).rejects.toThrow('does not lead to the public internet')
    for (const host of ['127.0.0.1', '[::1]', '0x7f.1', '2130706433'])
      expect(() => sendJson(message('/', host), [])).toThrow('not on the public internet')
    expect(() => sendJson({ ...message('/'), url: 'file:///etc/passwd' }, [])).toThrow('no web address')
    expect(calls).toEqual([])
  })
  test('sends body and key to a host that the operator has opened', async () => {
    expect(await sendJson(message('/hook?a=1'), [`localhost:${port}`])).toEqual({ status: 204 })
    expect(calls.at(-1)).toEqual({ url: '/hook?a=1', key: 'k1', body: '{"amount":"12.50"}' })
  })
  test('follows no redirect and reads no endless answer', async () => {
    expect(await sendJson(message('/away'), [`localhost:${port}`])).toEqual({ status: 302 })
    expect(calls.map(({ url }) => url)).not.toContain('/secret')
    expect(await sendJson(message('/bad'), [`localhost:${port}`])).toEqual({ status: 500 })
  })
})
