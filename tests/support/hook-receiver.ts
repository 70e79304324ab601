import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the other system does with a call: it answers with a status, never answers, or hangs up. */
export type HookAnswer = number | 'never' | 'hang up'

export interface HookCall {
  readonly key: string
  readonly body: string
  readonly answer: HookAnswer
}

/** Another system that flows call; it writes down every call and knows repetitions by their key. */
export interface HookReceiver {
  readonly url: string
  /** What `CW_WEBHOOK_HOSTS` must open. */
  readonly host: string
  readonly calls: readonly HookCall[]
  /** How to answer from now on; `key` has been seen so many times before. */
  answer(by: (key: string, before: number) => HookAnswer): void
  close(): Promise<void>
}

export async function startHookReceiver(): Promise<HookReceiver> {
  const calls: HookCall[] = []
  let by: (key: string, before: number) => HookAnswer = () => 200
  const server = createServer((request, reply) => {
    let body = ''
    request.on('data', (part: Buffer) => {
      body += String(part)
    })
    request.on('end', () => {
      const key = String(request.headers['idempotency-key'] ?? '')
      const answer = by(key, calls.filter((call) => call.key === key).length)
      calls.push({ key, body, answer })
      if (answer === 'hang up') request.socket.destroy()
      else if (answer !== 'never') reply.writeHead(answer).end('{}')
    })
    request.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://hooks.example.com:${port}/in`,
    host: `hooks.example.com:${port}`,
    calls,
    answer(next) {
      by = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
