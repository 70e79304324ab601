import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { AddressRefused, isPublic, publicLookup } from './public-address.ts'

export interface JsonMessage {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/** Milliseconds until the other side must have answered. */
const patience = 10_000
/** Most of an answer that is looked at. */
const mostBytes = 64 * 1024

/**
 * Sends JSON to an address on the public internet and gives the status of the answer. Redirects are not followed: they
 * may lead anywhere. Throws AddressRefused for addresses of this network, otherwise what the connection says.
 */
export function sendJson(
  message: JsonMessage,
  allowed: readonly string[],
): Promise<{ readonly status: number }> {
  const url = new URL(message.url)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new AddressRefused(`${url.protocol} is no web address`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (secure ? 443 : 80))
  // A number is not looked up, so it is looked at here.
  if (isIP(host) !== 0 && !isPublic(host) && !allowed.includes(`${host}:${port}`))
    throw new AddressRefused(`${host} is not on the public internet`)
  const body = JSON.stringify(message.body)
  return new Promise((resolve, reject) => {
    const sent = (secure ? requestHttps : requestHttp)(
      {
        host,
        port,
        path: `${url.pathname}${url.search}`,
        method: message.method,
        headers: {
          ...message.headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Channelwright',
        },
        lookup: publicLookup(host, port, allowed),
        // A connection of its own: one that is kept would skip the look at the address.
        agent: false,
        signal: AbortSignal.timeout(patience),
      },
      (answer) => {
        let size = 0
        answer.on('data', (part: Buffer) => {
          size += part.length
          if (size > mostBytes) answer.destroy()
        })
        answer.on('close', () => resolve({ status: answer.statusCode ?? 0 }))
        answer.on('error', () => {})
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
