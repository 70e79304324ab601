import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

// A wire that breaks where a test wants it to: between a server and its Postgres, or between a client and the server.

export interface CutProxy {
  readonly port: number
  /** The next answer that holds this text is swallowed, and the connection cut: it was done, and nobody hears. */
  loseAnswerWith(text: string): Promise<void>
  /** The next message of so many bytes or more is cut in its middle: half of it arrives. */
  cutNextMessage(leastBytes: number): Promise<void>
  /** All connections break now. */
  cutAll(): number
  close(): Promise<void>
}

interface Wish {
  readonly suits: (chunk: Buffer, toServer: boolean) => boolean
  readonly keep: number
  readonly met: () => void
}

/** Passes on what comes to `port` of the loopback address. */
export async function startCutProxy(target: number): Promise<CutProxy> {
  const open = new Set<() => void>()
  const wishes: Wish[] = []
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    const cut = () => {
      near.destroy()
      far.destroy()
      open.delete(cut)
    }
    open.add(cut)
    for (const socket of [near, far]) {
      socket.on('error', cut)
      socket.on('close', cut)
      socket.setNoDelay(true)
    }
    const pass = (from: Socket, to: Socket, toServer: boolean) =>
      from.on('data', (chunk: Buffer) => {
        const at = wishes.findIndex((wish) => wish.suits(chunk, toServer))
        const wish = at < 0 ? undefined : wishes.splice(at, 1)[0]
        if (wish === undefined) {
          if (!to.write(chunk)) {
            from.pause()
            to.once('drain', () => from.resume())
          }
          return
        }
        wish.met()
        const rest = chunk.subarray(0, Math.floor(chunk.length * wish.keep))
        if (rest.length === 0) cut()
        else to.write(rest, cut)
      })
    pass(near, far, true)
    pass(far, near, false)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const wish = (suits: Wish['suits'], keep: number) =>
    new Promise<void>((met) => {
      wishes.push({ suits, keep, met })
    })
  const cutAll = () => {
    const count = open.size
    for (const cut of [...open]) cut()
    return count
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    loseAnswerWith: (text) => wish((chunk, toServer) => !toServer && chunk.includes(text), 0),
    cutNextMessage: (least) => wish((chunk, toServer) => toServer && chunk.length >= least, 0.5),
    cutAll,
    async close() {
      server.close()
      cutAll()
      await once(server, 'close')
    },
  }
}

/** The same address by another port. */
export function throughPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}
